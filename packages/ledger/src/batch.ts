/**
 * The packed form of commands: 128 bytes each, then a data area with addresses, names and metadata.
 * It is what `apply` reads, and byte for byte what a binary batch carries over the wire.
 *
 *   0 id · 16 debit account (account: parent) · 32 credit account · 48 amount (account: limit) ·
 *   64 pending id (account: subtree limit) · 80 effective at (books: until) · 88 timeout · 92 asset ·
 *   96 code · 98 flags · 100 operation · 101 presence · 104 metadata offset · 108 metadata length ·
 *   112 address offset · 116 address length · 120 zeros
 */
import { base64Of, type PackedCommands } from '@tallystick/access'
import { assert } from '@tallystick/money'

import type { Command } from './command.ts'
import { Operation } from './command.ts'
import { ADDRESS_BYTES_MAX, METADATA_BYTES_MAX, U128_MAX, U64_MAX } from './limits.ts'
import { align8, Memory, readU128, readU64, writeU128 } from './memory.ts'

export const COMMAND_SIZE = 128

/** Byte offsets in a packed command. */
export const CommandField = {
  id: 0,
  debitAccountId: 16,
  parent: 16,
  creditAccountId: 32,
  amount: 48,
  limit: 48,
  pendingId: 64,
  subtreeLimit: 64,
  effectiveAt: 80,
  until: 80,
  timeout: 88,
  asset: 92,
  code: 96,
  flags: 98,
  operation: 100,
  presence: 101,
  metadataOffset: 104,
  metadataLength: 108,
  addressOffset: 112,
  addressLength: 116,
} as const

/** `presence` bits of `change_limit`. */
export const LIMIT_GIVEN = 1
export const SUBTREE_LIMIT_GIVEN = 2

/** Packed commands: `count` records from byte 0 of `memory`, their data from `dataOffset`. */
export interface PackedBatch {
  readonly memory: Memory
  readonly count: number
  /** Byte offset of the data area in `memory`. */
  readonly dataOffset: number
  /** Bytes in the data area. */
  readonly dataLength: number
}

/** Why a command cannot be packed: its own data is malformed, whatever the state. */
export class MalformedCommand extends Error {
  override readonly name = 'MalformedCommand'
  readonly index: number
  readonly field: string
  constructor(index: number, field: string, message: string) {
    super(`command ${index}: ${field} ${message}`)
    this.index = index
    this.field = field
  }
}

const ASCII = /^[\x21-\x7e]*$/

/** Packs commands. @throws MalformedCommand when a field is outside its width. */
export function packBatch(commands: readonly Command[]): PackedBatch {
  const dataOffset = commands.length * COMMAND_SIZE
  let dataLength = 0
  for (const command of commands) dataLength += dataBytes(command)
  const memory = Memory.allocate(dataOffset + dataLength)
  const packer = new Packer(memory, dataOffset)
  commands.forEach((command, index) => packer.add(index, command))
  return { memory, count: commands.length, dataOffset, dataLength }
}

function dataBytes(command: Command): number {
  switch (command.operation) {
    case Operation.createAccount:
      return align8(command.address.length) + align8(command.metadata.length)
    case Operation.registerAsset:
      return align8(command.name.length)
    case Operation.createTransfer:
    case Operation.changeMetadata:
      return align8(command.metadata.length)
    case Operation.attest:
    case Operation.control:
    case Operation.rule:
      return align8(command.statement.length)
    default:
      return 0
  }
}

/** Commands in the form that an approval holds them in. @throws MalformedCommand */
export function packedCommands(commands: readonly Command[]): PackedCommands {
  const { memory, count, dataOffset, dataLength } = packBatch(commands)
  return { count, commands: base64Of(memory.u8.subarray(0, dataOffset + dataLength)) }
}

class Packer {
  readonly #memory: Memory
  readonly #dataOffset: number
  #used = 0
  #index = 0

  constructor(memory: Memory, dataOffset: number) {
    this.#memory = memory
    this.#dataOffset = dataOffset
  }

  add(index: number, command: Command): void {
    this.#index = index
    this.#memory.u8[index * COMMAND_SIZE + CommandField.operation] = command.operation
    this.#number(CommandField.flags, 16, command.flags, 'flags')
    switch (command.operation) {
      case Operation.createTransfer:
        return this.#transfer(command)
      case Operation.createAccount:
        return this.#account(command)
      case Operation.changeLimit:
        return this.#limit(command)
      case Operation.changeMetadata:
        this.#wide(CommandField.id, command.id, 'id')
        return this.#metadata(command.metadata)
      case Operation.closeAccount:
      case Operation.reopenAccount:
        return this.#wide(CommandField.id, command.id, 'id')
      case Operation.registerAsset:
        this.#number(CommandField.asset, 32, command.asset, 'asset')
        return this.#text(CommandField.metadataOffset, command.name, 'name', 24)
      case Operation.closeBooks:
        this.#wide(CommandField.id, command.id, 'id')
        this.#number(CommandField.asset, 32, command.asset, 'asset')
        return this.#long(CommandField.until, command.until, 'until')
      case Operation.attest:
      case Operation.control:
      case Operation.rule:
        return this.#metadata(command.statement, 'statement')
    }
  }

  #transfer(command: Extract<Command, { operation: typeof Operation.createTransfer }>): void {
    this.#wide(CommandField.id, command.id, 'id')
    this.#wide(CommandField.debitAccountId, command.debitAccountId, 'debitAccountId')
    this.#wide(CommandField.creditAccountId, command.creditAccountId, 'creditAccountId')
    this.#wide(CommandField.amount, command.amount, 'amount')
    this.#wide(CommandField.pendingId, command.pendingId, 'pendingId')
    this.#long(CommandField.effectiveAt, command.effectiveAt, 'effectiveAt')
    this.#number(CommandField.timeout, 32, command.timeout, 'timeout')
    this.#number(CommandField.asset, 32, command.asset, 'asset')
    this.#number(CommandField.code, 16, command.code, 'code')
    this.#metadata(command.metadata)
  }

  #account(command: Extract<Command, { operation: typeof Operation.createAccount }>): void {
    this.#wide(CommandField.id, command.id, 'id')
    this.#wide(CommandField.parent, command.parent, 'parent')
    this.#wide(CommandField.limit, command.limit, 'limit')
    this.#wide(CommandField.subtreeLimit, command.subtreeLimit, 'subtreeLimit')
    this.#number(CommandField.asset, 32, command.asset, 'asset')
    this.#number(CommandField.code, 16, command.code, 'code')
    this.#text(CommandField.addressOffset, command.address, 'address', ADDRESS_BYTES_MAX)
    this.#metadata(command.metadata)
  }

  #limit(command: Extract<Command, { operation: typeof Operation.changeLimit }>): void {
    this.#wide(CommandField.id, command.id, 'id')
    let presence = 0
    if (command.limit !== undefined) {
      presence |= LIMIT_GIVEN
      this.#wide(CommandField.limit, command.limit, 'limit')
    }
    if (command.subtreeLimit !== undefined) {
      presence |= SUBTREE_LIMIT_GIVEN
      this.#wide(CommandField.subtreeLimit, command.subtreeLimit, 'subtreeLimit')
    }
    this.#memory.u8[this.#index * COMMAND_SIZE + CommandField.presence] = presence
  }

  #wide(field: number, value: bigint, name: string): void {
    if (value < 0n || value > U128_MAX) this.#refuse(name, 'must be between 0 and 2^128 - 1')
    writeU128(this.#memory, this.#index * COMMAND_SIZE + field, value)
  }

  #long(field: number, value: bigint, name: string): void {
    if (value < 0n || value > U64_MAX) this.#refuse(name, 'must be between 0 and 2^64 - 1')
    this.#memory.u64[(this.#index * COMMAND_SIZE + field) >>> 3] = value
  }

  #number(field: number, bits: 16 | 32, value: number, name: string): void {
    const max = bits === 16 ? 0xffff : 0xffff_ffff
    if (!Number.isInteger(value) || value < 0 || value > max) {
      this.#refuse(name, `must be an integer between 0 and ${max}`)
    }
    const at = this.#index * COMMAND_SIZE + field
    if (bits === 16) this.#memory.u16[at >>> 1] = value
    else this.#memory.u32[at >>> 2] = value
  }

  #text(field: number, text: string, name: string, max: number): void {
    if (text.length > max) this.#refuse(name, `must be at most ${max} characters`)
    if (!ASCII.test(text)) this.#refuse(name, 'must be printable ASCII without spaces')
    // The pure packages have no TextEncoder, and ASCII needs none.
    const bytes = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
    this.#data(field, bytes)
  }

  #metadata(bytes: Uint8Array, name = 'metadata'): void {
    if (bytes.length > METADATA_BYTES_MAX) {
      this.#refuse(name, `must be at most ${METADATA_BYTES_MAX} bytes`)
    }
    this.#data(CommandField.metadataOffset, bytes)
  }

  #data(field: number, bytes: Uint8Array): void {
    const at = (this.#index * COMMAND_SIZE + field) >>> 2
    this.#memory.u32[at] = this.#used
    this.#memory.u32[at + 1] = bytes.length
    this.#memory.u8.set(bytes, this.#dataOffset + this.#used)
    this.#used += align8(bytes.length)
  }

  #refuse(field: string, message: string): never {
    throw new MalformedCommand(this.#index, field, message)
  }
}

/**
 * Holds packed commands from outside to their shape: operation known and no control command, data inside the data area, lengths within
 * limits, no bytes where zeros belong. After it, `apply` reads them without a check.
 */
export function checkBatch(batch: PackedBatch): void {
  assert(batch.memory.byteLength >= batch.dataOffset + batch.dataLength, 'data area inside memory')
  for (let index = 0; index < batch.count; index++) {
    if (!isBareTransfer(batch, index)) checkCommand(batch, index)
  }
}

/** A transfer without any data: nearly all that comes packed, and nothing is left to check in it. */
function isBareTransfer(batch: PackedBatch, index: number): boolean {
  const { u32 } = batch.memory
  const tail = (index * COMMAND_SIZE + CommandField.operation) >>> 2
  let rest = (u32[tail] as number) ^ Operation.createTransfer
  for (let word = tail + 1; word < tail + 7; word++) rest |= u32[word] as number
  return rest === 0
}

function checkCommand(batch: PackedBatch, index: number): void {
  const { memory } = batch
  const at = index * COMMAND_SIZE
  const refuse = (field: string, message: string): never => {
    throw new MalformedCommand(index, field, message)
  }
  const operation = memory.u8[at + CommandField.operation] ?? 0
  if (operation === Operation.releaseHold || operation < 1 || operation > Operation.closeBooks) {
    refuse('operation', `${operation} is unknown`)
  }
  if ((memory.u8[at + CommandField.presence] ?? 0) > 3) refuse('presence', 'has unknown bits')
  if (memory.u16[(at + 102) >>> 1] !== 0 || readU64(memory, at + 120) !== 0n) {
    refuse('reserved', 'bytes must be zero')
  }
  const metadataMax = operation === Operation.registerAsset ? 24 : METADATA_BYTES_MAX
  checkData(batch, at + CommandField.metadataOffset, metadataMax, (why) => refuse('metadata', why))
  checkData(batch, at + CommandField.addressOffset, ADDRESS_BYTES_MAX, (why) =>
    refuse('address', why),
  )
  if (!ASCII.test(commandText(batch, index, CommandField.addressOffset))) {
    refuse('address', 'must be printable ASCII without spaces')
  }
  if (
    operation === Operation.registerAsset &&
    !ASCII.test(commandText(batch, index, CommandField.metadataOffset))
  ) {
    refuse('name', 'must be printable ASCII without spaces')
  }
}

function checkData(
  batch: PackedBatch,
  field: number,
  max: number,
  refuse: (why: string) => never,
): void {
  const offset = batch.memory.u32[field >>> 2] ?? 0
  const length = batch.memory.u32[(field + 4) >>> 2] ?? 0
  if (length > max) refuse(`must be at most ${max} bytes`)
  if (length > 0 && offset + length > batch.dataLength) refuse('lies outside the data area')
}

/** Bytes of a command's address, name or metadata: a view, not a copy. */
export function commandBytes(batch: PackedBatch, index: number, field: number): Uint8Array {
  const at = (index * COMMAND_SIZE + field) >>> 2
  const from = batch.dataOffset + (batch.memory.u32[at] ?? 0)
  return batch.memory.u8.subarray(from, from + (batch.memory.u32[at + 1] ?? 0))
}

export function commandText(batch: PackedBatch, index: number, field: number): string {
  let text = ''
  for (const byte of commandBytes(batch, index, field)) text += String.fromCharCode(byte)
  return text
}

/** The command at `index` as an object. For the rims: it allocates. */
export function unpackCommand(batch: PackedBatch, index: number): Command {
  const { memory } = batch
  const at = index * COMMAND_SIZE
  const wide = (field: number): bigint => readU128(memory, at + field)
  const id = wide(CommandField.id)
  const flags = memory.u16[(at + CommandField.flags) >>> 1] ?? 0
  const code = memory.u16[(at + CommandField.code) >>> 1] ?? 0
  const asset = memory.u32[(at + CommandField.asset) >>> 2] ?? 0
  const presence = memory.u8[at + CommandField.presence] ?? 0
  const operation = (memory.u8[at + CommandField.operation] ?? 0) as Command['operation']
  const metadata = (): Uint8Array =>
    Uint8Array.from(commandBytes(batch, index, CommandField.metadataOffset))
  switch (operation) {
    case Operation.createTransfer:
      return {
        ...{ operation, id, flags, code, asset, metadata: metadata() },
        debitAccountId: wide(CommandField.debitAccountId),
        creditAccountId: wide(CommandField.creditAccountId),
        amount: wide(CommandField.amount),
        pendingId: wide(CommandField.pendingId),
        timeout: memory.u32[(at + CommandField.timeout) >>> 2] ?? 0,
        effectiveAt: readU64(memory, at + CommandField.effectiveAt),
      }
    case Operation.createAccount:
      return {
        ...{ operation, id, flags, code, asset, metadata: metadata() },
        address: commandText(batch, index, CommandField.addressOffset),
        parent: wide(CommandField.parent),
        limit: wide(CommandField.limit),
        subtreeLimit: wide(CommandField.subtreeLimit),
      }
    case Operation.changeLimit:
      return {
        ...{ operation, id, flags },
        limit: (presence & LIMIT_GIVEN) === 0 ? undefined : wide(CommandField.limit),
        subtreeLimit:
          (presence & SUBTREE_LIMIT_GIVEN) === 0 ? undefined : wide(CommandField.subtreeLimit),
      }
    case Operation.changeMetadata:
      return { operation, id, flags, metadata: metadata() }
    case Operation.closeAccount:
    case Operation.reopenAccount:
      return { operation, id, flags }
    case Operation.registerAsset:
      return {
        ...{ operation, asset, flags },
        name: commandText(batch, index, CommandField.metadataOffset),
      }
    case Operation.closeBooks:
      return { operation, id, asset, flags, until: readU64(memory, at + CommandField.until) }
    case Operation.attest:
    case Operation.control:
    case Operation.rule:
      return { operation, flags, statement: metadata() }
  }
}
