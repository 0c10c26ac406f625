/**
 * What is known of the bodies of frames on disk: their first fields, and where their records lie. Kept for as long as the
 * journal keeps the frame's own header, so that a second look into a frame reads nothing but the record.
 */
import type { FrameLocation, JournalReader } from '@tallystick/journal'
import { BodyField, Memory, readU64 } from '@tallystick/ledger'

/** Looks for single records after which all of a frame's offsets are read, to see whether they can be remembered. */
const LOOKS_BEFORE_LAYOUT = 7

export class BodyHeads {
  readonly #reader: JournalReader
  readonly #heads = new WeakMap<FrameLocation, BodyHead>()
  readonly #memory = Memory.allocate(BodyField.records)
  readonly #bytes = Buffer.from(this.#memory.u8.buffer)

  constructor(reader: JournalReader) {
    this.#reader = reader
  }

  known(frame: FrameLocation): BodyHead | undefined {
    return this.#heads.get(frame)
  }

  /** @throws JournalCorrupt */
  of(frame: FrameLocation): BodyHead {
    const known = this.#heads.get(frame)
    if (known !== undefined) return known
    this.#reader.readBody(frame, 0, BodyField.records, this.#bytes)
    const timestamp = readU64(this.#memory, BodyField.timestamp)
    const head = new BodyHead(timestamp, this.#memory.u32[BodyField.offsetsOffset >>> 2] ?? 0)
    this.#heads.set(frame, head)
    return head
  }
}

export class BodyHead {
  /** Of the first event, ns. */
  readonly timestamp: bigint
  /** Offset in the body of the table of record offsets. */
  readonly #table: number
  /** Where the records lie when all have the same length. */
  #layout: { readonly first: number; readonly step: number } | 'irregular' | undefined
  #looks = 0

  constructor(timestamp: bigint, table: number) {
    this.timestamp = timestamp
    this.#table = table
  }

  /** The same as `recordAt`; undefined: it would have to read. */
  knownRecordAt(index: number): number | undefined {
    const layout = this.#layout
    if (layout === undefined || layout === 'irregular') return undefined
    return layout.first + index * layout.step
  }

  /** Offset in the body of event `index`'s record. @throws JournalCorrupt */
  recordAt(reader: JournalReader, frame: FrameLocation, index: number): number {
    if (this.#layout === undefined && this.#looks++ >= LOOKS_BEFORE_LAYOUT) {
      this.#layout = layoutOf(reader.readBody(frame, this.#table, 4 * frame.count))
    }
    const known = this.knownRecordAt(index)
    if (known !== undefined) return known
    return reader.readBody(frame, this.#table + index * 4, 4, WORD).readUInt32LE()
  }
}

const WORD = Buffer.alloc(4)

function layoutOf(table: Buffer): { first: number; step: number } | 'irregular' {
  const first = table.readUInt32LE(0)
  const step = table.length < 8 ? 0 : table.readUInt32LE(4) - first
  for (let at = 4, expected = first + step; at < table.length; at += 4, expected += step) {
    if (table.readUInt32LE(at) !== expected) return 'irregular'
  }
  return { first, step }
}
