/**
 * The packed form of a batch, `application/vnd.tallystick.batch`. Everything is little-endian; what is not named is zero.
 *
 * Header, 32 bytes: 0 `TSB1` · 4 count u32 · 8 length of the data area u32 · 12 flags u32 (bit 0: atomic)
 *
 * Then `count` commands of 128 bytes each:
 *   0 id u128 · 16 debit account u128 (account: parent) · 32 credit account u128 · 48 amount u128 (account, change of limit:
 *   limit) · 64 pending id u128 (account, change of limit: subtree limit, 2^128 − 1 = none) · 80 effective at u64 (books:
 *   until) · 88 timeout u32 · 92 asset u32 · 96 code u16 · 98 flags u16 · 100 operation u8 · 101 presence u8 (change of limit:
 *   bit 0 limit, bit 1 subtree limit) · 104 metadata offset u32 · 108 metadata length u32 · 112 address offset u32 ·
 *   116 address length u32
 *
 * Then the data area: metadata (of an asset: its name) and addresses, each from a multiple of 8; offsets count from its start.
 */
import { assert } from '@tallystick/money'
import { BATCH_COMMANDS_MAX, METADATA_BYTES_MAX } from './limits.ts'
import { type PackedCommand, PackedOperation } from './packed-command.ts'

export const BATCH_HEADER_BYTES = 32
export const COMMAND_BYTES = 128

const MAGIC = 0x31425354
const ATOMIC = 1
const LIMIT_GIVEN = 1
const SUBTREE_LIMIT_GIVEN = 2
const U64 = (1n << 64n) - 1n
const U128 = (1n << 128n) - 1n
const ADDRESS_BYTES_MAX = 255
const NAME_BYTES_MAX = 24

/** A batch that cannot be read, or a command that cannot be written. */
export class MalformedBatch extends Error {
  override readonly name = 'MalformedBatch'
}

export interface BatchHeader {
  readonly count: number
  /** Bytes of the data area. */
  readonly dataLength: number
  readonly atomic: boolean
}

/** @throws MalformedBatch when a field is outside its width. */
export function packBatch(
  commands: readonly PackedCommand[],
  options: { readonly atomic: boolean },
): Uint8Array<ArrayBuffer> {
  if (commands.length === 0 || commands.length > BATCH_COMMANDS_MAX) {
    throw new MalformedBatch(`a batch has 1 to ${BATCH_COMMANDS_MAX} commands`)
  }
  let dataLength = 0
  for (const command of commands) dataLength += dataBytes(command)
  const dataOffset = BATCH_HEADER_BYTES + commands.length * COMMAND_BYTES
  const bytes = new Uint8Array(dataOffset + dataLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, commands.length, true)
  view.setUint32(8, dataLength, true)
  view.setUint32(12, options.atomic ? ATOMIC : 0, true)
  const packer = new Packer(bytes, view, dataOffset)
  for (const command of commands) packer.add(command)
  return bytes
}

/** The header, when the body is as long as it says. @throws MalformedBatch */
export function readBatchHeader(body: Uint8Array): BatchHeader {
  if (body.length < BATCH_HEADER_BYTES) throw new MalformedBatch('shorter than a header')
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new MalformedBatch('does not begin with TSB1')
  const count = view.getUint32(4, true)
  const dataLength = view.getUint32(8, true)
  const flags = view.getUint32(12, true)
  const reserved = view.getBigUint64(16, true) | view.getBigUint64(24, true)
  if (flags > ATOMIC || reserved !== 0n) throw new MalformedBatch('unknown bits in the header')
  if (count === 0 || count > BATCH_COMMANDS_MAX) {
    throw new MalformedBatch(`${count} commands; a batch has 1 to ${BATCH_COMMANDS_MAX}`)
  }
  if (body.length !== BATCH_HEADER_BYTES + count * COMMAND_BYTES + dataLength) {
    throw new MalformedBatch('not as long as its header says')
  }
  return { count, dataLength, atomic: flags === ATOMIC }
}

/** The commands as objects: for tools and tests. @throws MalformedBatch */
export function unpackBatch(body: Uint8Array): {
  readonly atomic: boolean
  readonly commands: PackedCommand[]
} {
  const { count, atomic } = readBatchHeader(body)
  const reader = new Reader(body, BATCH_HEADER_BYTES + count * COMMAND_BYTES)
  const commands = Array.from({ length: count }, (_, index) => reader.command(index))
  return { atomic, commands }
}

function align8(length: number): number {
  return (length + 7) & ~7
}

function dataBytes(command: PackedCommand): number {
  switch (command.operation) {
    case PackedOperation.createAccount:
      return align8(command.address.length) + align8(command.metadata.length)
    case PackedOperation.registerAsset:
      return align8(command.name.length)
    case PackedOperation.createTransfer:
    case PackedOperation.changeMetadata:
      return align8(command.metadata.length)
    default:
      return 0
  }
}

class Packer {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #dataOffset: number
  #at = BATCH_HEADER_BYTES
  #used = 0

  constructor(bytes: Uint8Array, view: DataView, dataOffset: number) {
    this.#bytes = bytes
    this.#view = view
    this.#dataOffset = dataOffset
  }

  add(command: PackedCommand): void {
    this.#fields(command)
    this.#u16(98, command.flags)
    this.#bytes[this.#at + 100] = command.operation
    this.#at += COMMAND_BYTES
  }

  #fields(command: PackedCommand): void {
    switch (command.operation) {
      case PackedOperation.createTransfer:
        this.#u128(0, command.id)
        this.#u128(16, command.debitAccountId)
        this.#u128(32, command.creditAccountId)
        this.#u128(48, command.amount)
        this.#u128(64, command.pendingId)
        this.#u64(80, command.effectiveAt)
        this.#u32(88, command.timeout)
        this.#u32(92, command.asset)
        this.#u16(96, command.code)
        return this.#data(104, command.metadata, METADATA_BYTES_MAX)
      case PackedOperation.createAccount:
        this.#u128(0, command.id)
        this.#u128(16, command.parent)
        this.#u128(48, command.limit)
        this.#u128(64, command.subtreeLimit)
        this.#u32(92, command.asset)
        this.#u16(96, command.code)
        this.#data(112, ascii(command.address), ADDRESS_BYTES_MAX)
        return this.#data(104, command.metadata, METADATA_BYTES_MAX)
      case PackedOperation.changeLimit:
        this.#u128(0, command.id)
        this.#u128(48, command.limit ?? 0n)
        this.#u128(64, command.subtreeLimit ?? 0n)
        this.#bytes[this.#at + 101] =
          (command.limit === undefined ? 0 : LIMIT_GIVEN) |
          (command.subtreeLimit === undefined ? 0 : SUBTREE_LIMIT_GIVEN)
        return
      case PackedOperation.changeMetadata:
        this.#u128(0, command.id)
        return this.#data(104, command.metadata, METADATA_BYTES_MAX)
      case PackedOperation.closeAccount:
      case PackedOperation.reopenAccount:
        return this.#u128(0, command.id)
      case PackedOperation.registerAsset:
        this.#u32(92, command.asset)
        return this.#data(104, ascii(command.name), NAME_BYTES_MAX)
      case PackedOperation.closeBooks:
        this.#u128(0, command.id)
        this.#u64(80, command.until)
        return this.#u32(92, command.asset)
    }
  }

  #u128(field: number, value: bigint): void {
    if (value < 0n || value > U128) throw new MalformedBatch(`${value} does not fit in 128 bits`)
    this.#view.setBigUint64(this.#at + field, value & U64, true)
    this.#view.setBigUint64(this.#at + field + 8, value >> 64n, true)
  }

  #u64(field: number, value: bigint): void {
    if (value < 0n || value > U64) throw new MalformedBatch(`${value} does not fit in 64 bits`)
    this.#view.setBigUint64(this.#at + field, value, true)
  }

  #u32(field: number, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
      throw new MalformedBatch(`${value} does not fit in 32 bits`)
    }
    this.#view.setUint32(this.#at + field, value, true)
  }

  #u16(field: number, value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
      throw new MalformedBatch(`${value} does not fit in 16 bits`)
    }
    this.#view.setUint16(this.#at + field, value, true)
  }

  #data(field: number, data: Uint8Array, max: number): void {
    if (data.length > max) throw new MalformedBatch(`${data.length} bytes; ${max} is the most`)
    this.#view.setUint32(this.#at + field, this.#used, true)
    this.#view.setUint32(this.#at + field + 4, data.length, true)
    this.#bytes.set(data, this.#dataOffset + this.#used)
    this.#used += align8(data.length)
    assert(this.#dataOffset + this.#used <= this.#bytes.length, 'the data area was measured')
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #dataOffset: number
  #at = 0

  constructor(bytes: Uint8Array, dataOffset: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#dataOffset = dataOffset
  }

  command(index: number): PackedCommand {
    this.#at = BATCH_HEADER_BYTES + index * COMMAND_BYTES
    const operation = this.#bytes[this.#at + 100] as PackedCommand['operation']
    const id = this.#u128(0)
    const flags = this.#view.getUint16(this.#at + 98, true)
    switch (operation) {
      case PackedOperation.createTransfer:
        return this.#transfer()
      case PackedOperation.createAccount:
        return this.#account()
      case PackedOperation.changeLimit: {
        const presence = this.#bytes[this.#at + 101] ?? 0
        const limit = (presence & LIMIT_GIVEN) === 0 ? undefined : this.#u128(48)
        const subtreeLimit = (presence & SUBTREE_LIMIT_GIVEN) === 0 ? undefined : this.#u128(64)
        return { operation, id, flags, limit, subtreeLimit }
      }
      case PackedOperation.changeMetadata:
        return { operation, id, flags, metadata: this.#data(104) }
      case PackedOperation.closeAccount:
      case PackedOperation.reopenAccount:
        return { operation, id, flags }
      case PackedOperation.registerAsset:
        return { operation, asset: this.#u32(92), flags, name: text(this.#data(104)) }
      case PackedOperation.closeBooks: {
        const until = this.#view.getBigUint64(this.#at + 80, true)
        return { operation, id, asset: this.#u32(92), flags, until }
      }
      default:
        throw new MalformedBatch(`operation ${String(operation)} is unknown`)
    }
  }

  #transfer(): PackedCommand {
    return {
      operation: PackedOperation.createTransfer,
      id: this.#u128(0),
      debitAccountId: this.#u128(16),
      creditAccountId: this.#u128(32),
      amount: this.#u128(48),
      pendingId: this.#u128(64),
      effectiveAt: this.#view.getBigUint64(this.#at + 80, true),
      timeout: this.#u32(88),
      asset: this.#u32(92),
      code: this.#view.getUint16(this.#at + 96, true),
      flags: this.#view.getUint16(this.#at + 98, true),
      metadata: this.#data(104),
    }
  }

  #account(): PackedCommand {
    return {
      operation: PackedOperation.createAccount,
      id: this.#u128(0),
      address: text(this.#data(112)),
      parent: this.#u128(16),
      limit: this.#u128(48),
      subtreeLimit: this.#u128(64),
      asset: this.#u32(92),
      code: this.#view.getUint16(this.#at + 96, true),
      flags: this.#view.getUint16(this.#at + 98, true),
      metadata: this.#data(104),
    }
  }

  #u128(field: number): bigint {
    const low = this.#view.getBigUint64(this.#at + field, true)
    return (this.#view.getBigUint64(this.#at + field + 8, true) << 64n) | low
  }

  #u32(field: number): number {
    return this.#view.getUint32(this.#at + field, true)
  }

  #data(field: number): Uint8Array {
    const from = this.#dataOffset + this.#u32(field)
    const length = this.#u32(field + 4)
    if (length > 0 && from + length > this.#bytes.length) {
      throw new MalformedBatch('points outside its data')
    }
    return this.#bytes.slice(from, from + length)
  }
}

function ascii(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length)
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0x21 || unit > 0x7e) throw new MalformedBatch(`${value} is not printable ASCII`)
    bytes[at] = unit
  }
  return bytes
}

function text(bytes: Uint8Array): string {
  let value = ''
  for (const byte of bytes) value += String.fromCharCode(byte)
  return value
}
