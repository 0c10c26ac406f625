/**
 * The book as the engine reads it: records by sequence from the group being filled, from the newest bodies in memory, or from
 * the journal. It is also the ledger's `Recall`.
 */
import type { JournalReader } from '@tallystick/journal'
import { Memory, type Recall, RecordCursor, RecordField } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import { BookBody } from './book-body.ts'
import { BodyHeads } from './body-heads.ts'
import { RECENT_BYTES, RECENT_FRAMES_MAX, RECORDS_READ_MEBIBYTES } from './limits.ts'
import { Recent } from './recent.ts'
import type { RequestHead } from './saved-request.ts'
import { Scratch } from './scratch.ts'

/** The part of the group being filled that reading needs. */
export interface OpenFrame {
  readonly memory: Memory
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  /** Events so far. */
  readonly count: number
  recordAt(index: number): number
  /** The requests that are in it so far, in order. */
  heads(): RequestHead[]
  /** The request that has event `sequence`; undefined: a release. */
  headOf(sequence: number): RequestHead | undefined
}

export class Book implements Recall {
  readonly reader: JournalReader
  readonly recent = new Recent({ bytesMax: RECENT_BYTES, framesMax: RECENT_FRAMES_MAX })
  /** The group being filled, if any. */
  open: OpenFrame | undefined
  /** Records for the batch that is being resolved. */
  readonly #loaded = new Map<number, RecordCursor>()
  readonly #loadedBytes = new Scratch()
  #resolving = false
  readonly #readBytes = new Scratch(RECORDS_READ_MEBIBYTES)
  readonly #heads: BodyHeads
  readonly #wordBytes = Buffer.alloc(8)

  constructor(reader: JournalReader) {
    this.reader = reader
    this.#heads = new BodyHeads(reader)
  }

  /** From here to `endResolve` what is loaded stays: others may read meanwhile, and have memory of their own for what they fetch. */
  beginResolve(): void {
    assert(!this.#resolving, 'records are loaded for one request at a time')
    this.#resolving = true
  }

  /** The request is decided, or given up: forgets what was loaded for it. */
  endResolve(): void {
    this.#resolving = false
    if (this.#loaded.size === 0) return
    this.#loaded.clear()
    this.#loadedBytes.clear()
  }

  load(sequence: number): void {
    if (this.#loaded.has(sequence) || this.recent.find(sequence) !== undefined) return
    const cursor = new RecordCursor(this.#loadedBytes.memory)
    this.#fetch(sequence, cursor, this.#loadedBytes)
    this.#loaded.set(sequence, cursor)
  }

  read(sequence: number, cursor: RecordCursor): void {
    const loaded = this.#loaded.size === 0 ? undefined : this.#loaded.get(sequence)
    if (loaded === undefined) assert(this.#point(sequence, cursor), 'the record was loaded')
    else cursor.at(loaded.memory, loaded.offset, sequence, loaded.timestamp)
  }

  /**
   * Points the cursor at any decided record; reads the disk if it has to. Valid until control returns to the event loop or
   * `RECORDS_READ_MEBIBYTES` more were read.
   */
  record(sequence: number, cursor: RecordCursor): RecordCursor {
    if (!this.#point(sequence, cursor)) this.#fetch(sequence, cursor, this.#readBytes)
    return cursor
  }

  /** Whether a record is in memory. */
  holds(sequence: number): boolean {
    return sequence >= Math.min(this.recent.firstSequence, this.open?.firstSequence ?? Infinity)
  }

  /** Where a record on disk lies in its frame's body, when that is known without reading. */
  placeOf(sequence: number): number | undefined {
    if (!this.reader.knows(sequence)) return undefined
    const frame = this.reader.frameAt(sequence)
    return this.#heads.known(frame)?.knownRecordAt(sequence - frame.firstSequence)
  }

  /** The sealed frame that holds an event, whole. Valid until control returns to the event loop. */
  frameOf(sequence: number): BookBody {
    const recent = this.recent.find(sequence)
    if (recent !== undefined) return recent
    const frame = this.reader.frameAt(sequence)
    const memory = Memory.allocate(frame.bodyBytes)
    this.reader.readBody(frame, 0, frame.bodyBytes, Buffer.from(memory.u8.buffer))
    return new BookBody(memory, 0, frame.firstSequence)
  }

  /** Newest event at or before a moment; 0 = none. */
  sequenceAt(at: bigint): number {
    const { open } = this
    if (open !== undefined && open.count > 0 && open.firstTimestamp <= at) {
      return lastWithin(open.firstSequence, open.firstTimestamp, open.count, at)
    }
    const body = this.recent.findTime(at)
    if (body !== undefined) {
      return lastWithin(body.firstSequence, body.firstTimestamp, body.count, at)
    }
    return this.#oldSequenceAt(at)
  }

  #oldSequenceAt(at: bigint): number {
    let low = this.reader.firstSequence
    let high = this.reader.lastSequence
    let found = 0
    while (low <= high) {
      const frame = this.reader.frameAt(low + Math.floor((high - low) / 2))
      const { firstSequence, count } = frame
      const { timestamp } = this.#heads.of(frame)
      if (timestamp <= at) {
        found = lastWithin(firstSequence, timestamp, count, at)
        low = firstSequence + count
      } else {
        high = firstSequence - 1
      }
    }
    return found
  }

  #point(sequence: number, cursor: RecordCursor): boolean {
    const { open } = this
    if (open !== undefined && sequence >= open.firstSequence) {
      const index = sequence - open.firstSequence
      assert(index < open.count, 'the event is decided')
      const timestamp = open.firstTimestamp + BigInt(index)
      cursor.at(open.memory, open.recordAt(index), sequence, timestamp)
      return true
    }
    const body = this.recent.find(sequence)
    if (body === undefined) return false
    body.point(sequence - body.firstSequence, cursor)
    return true
  }

  #fetch(sequence: number, cursor: RecordCursor, scratch: Scratch): void {
    const { reader } = this
    const frame = reader.frameAt(sequence)
    const body = this.#heads.of(frame)
    const index = sequence - frame.firstSequence
    const offset = body.recordAt(reader, frame, index)
    const head = reader.readBody(frame, offset, 8, this.#wordBytes)
    const length = head.readUInt16LE(RecordField.words) * 8
    reader.readBody(frame, offset, length, scratch.take(length))
    cursor.at(scratch.memory, scratch.offset, sequence, body.timestamp + BigInt(index))
  }
}

function lastWithin(sequence: number, timestamp: bigint, count: number, at: bigint): number {
  const index = at - timestamp
  return sequence + (index >= BigInt(count) ? count - 1 : Number(index))
}
