/** A frame's book body, read in place. */
import { align8, BodyField, Kind, RecordField, RequestField } from './book-format.ts'

/** A book body where it lies. The engine's own view of one is such an object. */
export interface BookBody {
  /** Views of the same bytes, little-endian; they begin at a multiple of 8. */
  readonly memory: {
    readonly u8: Uint8Array
    readonly u16: Uint16Array
    readonly u32: Uint32Array
  }
  /** Byte offset of the body in the memory, a multiple of 8. */
  readonly start: number
  /** Sequence of the frame's first event, from the frame's header. */
  readonly firstSequence: number
}

/**
 * Copies the id of the account with that slot, 16 bytes as they lie in the ledger's memory, to the four words of `target` from
 * `at` on.
 */
export type CopyAccountId = (slot: number, target: Uint32Array, at: number) => void

/** The parts of a body that all its leaves share. */
export class Frame {
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly start: number
  readonly firstSequence: number
  /** Events. */
  readonly count: number
  readonly rulesVersion: number
  readonly shard: number
  /** Of the first event, ns: lower and upper 32 bits. */
  readonly timestampLow: number
  readonly timestampHigh: number
  /** Index in `u32` of the frame's salt, 8 words. */
  readonly saltAt: number
  readonly #offsetsAt: number

  constructor({ memory, start, firstSequence }: BookBody) {
    this.u8 = memory.u8
    this.u16 = memory.u16
    this.u32 = memory.u32
    this.start = start
    this.firstSequence = firstSequence
    this.count = this.#field(BodyField.recordCount)
    this.rulesVersion = this.u16[(start + BodyField.rulesVersion) >>> 1] as number
    this.shard = this.#field(BodyField.shard)
    this.timestampLow = this.#field(BodyField.timestamp)
    this.timestampHigh = this.#field(BodyField.timestamp + 4)
    this.saltAt = (start + BodyField.salt) >>> 2
    this.#offsetsAt = (start + this.#field(BodyField.offsetsOffset)) >>> 2
  }

  /** Byte offset in the memory of event `index`'s record. */
  recordAt(index: number): number {
    return this.start + (this.u32[this.#offsetsAt + index] as number)
  }

  sequenceOf(index: number): bigint {
    return BigInt(this.firstSequence + index)
  }

  /** ns. */
  timestampOf(index: number): bigint {
    return (BigInt(this.timestampHigh) << 32n) + BigInt(this.timestampLow) + BigInt(index)
  }

  /** A created transfer, hold, post, void, reversal or release: it has two sides. */
  isMoved(record: number): boolean {
    const kind = this.u8[record] as number
    if (kind === Kind.release) return true
    return kind === Kind.transfer && this.u8[record + RecordField.status] === 0
  }

  /** Of each event, to `into`: the index in `u32` of its request's id, or 0 where the ledger decided by itself. */
  requests(into: Int32Array): void {
    into.fill(0, 0, this.count)
    let at = this.start + this.#field(BodyField.requestsOffset)
    for (let left = this.#field(BodyField.requestCount); left > 0; left--) {
      const first = this.u32[(at + RequestField.firstEvent) >>> 2] as number
      const count = this.u32[(at + RequestField.eventCount) >>> 2] as number
      into.fill((at + RequestField.id) >>> 2, first, first + count)
      at += align8(this.u32[(at + RequestField.length) >>> 2] as number)
    }
  }

  #field(offset: number): number {
    return this.u32[(this.start + offset) >>> 2] as number
  }
}
