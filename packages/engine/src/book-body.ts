/** The body of one frame (docs/decisions/0001), wherever its bytes lie: records and requests, read in place. */
import { BodyField, type Memory, readU64, type RecordCursor } from '@tallystick/ledger'

export class BookBody {
  readonly memory: Memory
  /** Byte offset of the body in `memory`, a multiple of 8. */
  readonly start: number
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  /** Events. */
  readonly count: number

  constructor(memory: Memory, start: number, firstSequence: number) {
    this.memory = memory
    this.start = start
    this.firstSequence = firstSequence
    this.firstTimestamp = readU64(memory, start + BodyField.timestamp)
    this.count = this.#u32(BodyField.recordCount)
  }

  get lastSequence(): number {
    return this.firstSequence + this.count - 1
  }

  get requestCount(): number {
    return this.#u32(BodyField.requestCount)
  }

  /** Byte offset in `memory` of the first request. */
  get requestsAt(): number {
    return this.start + this.#u32(BodyField.requestsOffset)
  }

  /** Byte offset in `memory` of event `index`'s record. */
  recordAt(index: number): number {
    return this.start + this.#u32(this.#u32(BodyField.offsetsOffset) + index * 4)
  }

  /** Points `cursor` at the record of event `index` of the frame. */
  point(index: number, cursor: RecordCursor): RecordCursor {
    const timestamp = this.firstTimestamp + BigInt(index)
    return cursor.at(this.memory, this.recordAt(index), this.firstSequence + index, timestamp)
  }

  #u32(offset: number): number {
    return this.memory.u32[(this.start + offset) >>> 2] ?? 0
  }
}
