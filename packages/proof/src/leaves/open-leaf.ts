/**
 * The leaf of one event, and everything that was hashed into it (docs/decisions/0013-the-proof-log.md): for receipts, for
 * bundles of entries, and for the events that `leaf-maker.ts` does not make in bulk.
 */
import {
  CONTROL_KINDS,
  Kind,
  RecordField,
  RefusedField,
  RefusedSection,
  MovedField,
  MovedSection,
  SIDE_BYTES,
} from './book-format.ts'
import { ByteWriter } from './byte-writer.ts'
import { sha256, writeMoved, writeOther, writeRefused } from './content.ts'
import { type BookBody, type CopyAccountId, Frame } from './frame.ts'
import { RecordBytes } from './record.ts'

export const LEAF_BYTES = 172

export interface OpenedLeaf {
  /** 172 bytes. */
  readonly leaf: Uint8Array
  /** Its SHA-256 is in the leaf. */
  readonly content: Uint8Array
  /** Likewise; undefined: the event has no sides. */
  readonly debit: Uint8Array | undefined
  readonly credit: Uint8Array | undefined
  /** What a limit said when it refused; its SHA-256 is in the content. */
  readonly facts: Uint8Array | undefined
  /** Likewise; undefined: the content has no metadata's hash. An asset's name and a statement count as metadata. */
  readonly metadata: Uint8Array | undefined
}

/** A content without metadata's bytes, with the longest address. */
export const CONTENT_BYTES_MAX = 512
const ID_BYTES = 16
const SALT_BYTES = 16
const NO_ID = new Uint8Array(ID_BYTES)
const NO_SIDE = new Uint8Array(32)

/**
 * The leaves of `count` events of a frame from its event `first` on.
 * @throws RangeError for events beyond the frame, or a kind that 0001 keeps for later
 */
export function openLeaves(
  body: BookBody,
  { first, count }: { first: number; count: number },
  accounts: CopyAccountId,
): OpenedLeaf[] {
  const frame = new Frame(body)
  if (first < 0 || count < 0 || first + count > frame.count) {
    throw new RangeError(
      `A frame of ${frame.count} events has no ${count} events from ${first} on.`,
    )
  }
  const requests = new Int32Array(frame.count)
  frame.requests(requests)
  const opener = new LeafOpener(accounts)
  return Array.from({ length: count }, (_, at) =>
    opener.open(frame, first + at, requests[first + at] as number),
  )
}

/** The leaf of event `index` of a frame. @throws RangeError as `openLeaves` does */
export function openLeaf(body: BookBody, index: number, accounts: CopyAccountId): OpenedLeaf {
  return openLeaves(body, { first: index, count: 1 }, accounts)[0] as OpenedLeaf
}

export class LeafOpener {
  readonly #accounts: CopyAccountId
  readonly #writer = new ByteWriter(CONTENT_BYTES_MAX)
  readonly #idWords = new Uint32Array(ID_BYTES / 4)
  readonly #idBytes = new Uint8Array(this.#idWords.buffer)

  constructor(accounts: CopyAccountId) {
    this.#accounts = accounts
  }

  /** @param request index in the frame's words of the request's id, 0 = none. */
  open(frame: Frame, index: number, request: number): OpenedLeaf {
    const record = new RecordBytes(frame, index)
    const parts = this.#parts(frame, index, record)
    const writer = this.#writer
      .begin('TLE1')
      .u8(record.kind)
      .u8(record.u8(RecordField.status))
      .u16(frame.rulesVersion)
      .u32(frame.shard)
      .u64(frame.sequenceOf(index))
      .u64(frame.timestampOf(index))
    if (request === 0) writer.zeros(48)
    else writer.bytes(frame.u8.subarray(request * 4, request * 4 + 48))
    writer.bytes(sha256(parts.content))
    for (const side of [parts.debit, parts.credit]) {
      writer.bytes(side === undefined ? NO_SIDE : sha256(side))
    }
    return { leaf: writer.end(), ...parts }
  }

  #parts(frame: Frame, index: number, record: RecordBytes): Omit<OpenedLeaf, 'leaf'> {
    const salts = this.#salts(frame, index, 0)
    const [debitSalt, creditSalt] = [salts.subarray(0, SALT_BYTES), salts.subarray(SALT_BYTES)]
    const writer = this.#writer
    switch (record.sort) {
      case 'moved':
        writeMoved(writer, record)
        return {
          content: writer.end(),
          debit: this.#movedSide(record, 'debit', debitSalt),
          credit: this.#movedSide(record, 'credit', creditSalt),
          facts: undefined,
          metadata: record.has(MovedSection.metadata) ? record.metadata.slice() : undefined,
        }
      case 'refused': {
        const facts = this.#facts(frame, index, record)
        writeRefused(writer, record, facts)
        return {
          content: writer.end(),
          debit: this.#refusedSide(record, RefusedField.debitAccountId, debitSalt),
          credit: this.#refusedSide(record, RefusedField.creditAccountId, creditSalt),
          facts,
          metadata: record.has(RefusedSection.metadata) ? record.metadata.slice() : undefined,
        }
      }
      case 'other':
        return this.#other(record, debitSalt)
    }
  }

  #other(record: RecordBytes, salt: Uint8Array): Omit<OpenedLeaf, 'leaf'> {
    const writer = this.#writer
    const { slot } = record
    writeOther(writer, record, { salt, accountId: slot === undefined ? NO_ID : this.#idOf(slot) })
    const isNamed = [Kind.account, Kind.metadata, Kind.asset].some((kind) => kind === record.kind)
    const hasMetadata = isNamed || record.kind >= CONTROL_KINDS.first
    return {
      content: writer.end(),
      debit: undefined,
      credit: undefined,
      facts: undefined,
      metadata: hasMetadata ? record.metadata.slice() : undefined,
    }
  }

  #movedSide(record: RecordBytes, side: 'debit' | 'credit', salt: Uint8Array): Uint8Array {
    const isDebit = side === 'debit'
    const isWide = record.has(MovedSection.wide)
    const slot = record.u32(isDebit ? MovedField.debitSlot : MovedField.creditSlot)
    const fields = isDebit ? MovedField.debitSide : MovedField.creditSide
    const writer = this.#writer
      .begin(isWide ? 'TLW1' : 'TLN1')
      .u32(record.u32(RecordField.asset))
      .bytes(record.bytes(MovedField.amount, 8))
      .bytes(salt)
      .bytes(this.#idOf(slot))
      .bytes(record.bytes(fields, SIDE_BYTES))
    if (!isWide) return writer.end()
    const upper = record.section(MovedSection.wide)
    const balances = upper + 8 + (isDebit ? 0 : 32)
    return writer.bytes(record.bytes(upper, 8)).bytes(record.bytes(balances, 32)).end()
  }

  #refusedSide(record: RecordBytes, idAt: number, salt: Uint8Array): Uint8Array {
    return this.#writer
      .begin('TLX1')
      .u32(record.u32(RecordField.asset))
      .bytes(record.bytes(RefusedField.amount, 16))
      .bytes(salt)
      .bytes(record.bytes(idAt, ID_BYTES))
      .end()
  }

  #facts(frame: Frame, index: number, record: RecordBytes): Uint8Array | undefined {
    const { limit } = RefusedSection
    if (!record.has(limit)) return undefined
    const salt = this.#salts(frame, index, 1).subarray(0, SALT_BYTES)
    const said = record.bytes(record.section(limit), limit.bytes)
    return this.#writer.begin('TLF1').bytes(salt).bytes(said).end()
  }

  /** 32 bytes: two salts. */
  #salts(frame: Frame, index: number, number: number): Uint8Array {
    const from = frame.saltAt * 4
    const writer = this.#writer.begin('TLS1').bytes(frame.u8.subarray(from, from + 32))
    return sha256(writer.u64(frame.sequenceOf(index)).u32(number).written)
  }

  /** In place: it is overwritten by the next one. */
  #idOf(slot: number): Uint8Array {
    this.#accounts(slot, this.#idWords, 0)
    return this.#idBytes
  }
}
