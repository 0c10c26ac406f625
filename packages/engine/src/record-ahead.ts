/**
 * What has to be read to read a record, brought near all at once: the frame's header, its tables, and the place where the record
 * most likely lies. One after another these are three reads of the disk, and none of them is needed to guess the next.
 */
import { FRAME_HEADER_BYTES, type ReadAhead, type Stretch } from '@tallystick/journal'
import { BodyField, MovedField } from '@tallystick/ledger'

import type { Book } from './book.ts'

/** Frames up to here lie side by side between two points of the journal's index: they are fetched together. */
const STRETCH_BYTES_MAX = 96 * 1024
/** Unit of the journal's checksums, and so of its reads. */
const BLOCK_BYTES = 4_096

export class RecordAhead {
  readonly #book: Book
  readonly #ahead: ReadAhead
  /** Stretches whose frames are on their way or here: the segment's number and the offset in it. */
  readonly #fetched = new Set<string>()

  constructor(book: Book, ahead: ReadAhead) {
    this.#book = book
    this.#ahead = ahead
  }

  get slowReads(): number {
    return this.#ahead.slowReads
  }

  /** Resolves with false when the journal is closed, and never fails. */
  async fetch(sequence: number): Promise<boolean> {
    if (this.#book.holds(sequence)) return true
    const stretch = this.#ahead.stretchOf(sequence)
    const fetched = await Promise.all(
      this.#ranges(stretch, sequence).map(([offset, length]) =>
        this.#ahead.fetch(stretch.segment, offset, length),
      ),
    )
    return !fetched.includes(false)
  }

  #ranges(stretch: Stretch, sequence: number): [offset: number, length: number][] {
    const { segment, offset, end } = stretch
    const key = `${segment} ${offset}`
    const isNew = !this.#fetched.has(key)
    this.#fetched.add(key)
    if (end - offset <= STRETCH_BYTES_MAX) return isNew ? [[offset, end - offset]] : []
    const record = this.#record(stretch, sequence)
    if (!isNew || this.#book.reader.knows(sequence)) return [record]
    const tables = tablesOf(stretch, sequence)
    return [[offset, FRAME_HEADER_BYTES + BLOCK_BYTES], [tables, end - tables], record]
  }

  /** Where the record lies if the frame is large and those before it are plain, or if it is known. */
  #record({ offset, firstSequence }: Stretch, sequence: number): [offset: number, length: number] {
    const index = sequence - firstSequence
    const at = this.#book.placeOf(sequence) ?? BodyField.records + index * MovedField.sections
    const first = at - (at % BLOCK_BYTES)
    const length = at + MovedField.sections > first + BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES
    return [offset + FRAME_HEADER_BYTES + first, length]
  }
}

/** Where the block begins, or a little before, that has the record's offset; behind the offsets lie the checksums. */
function tablesOf({ offset, end, nextSequence }: Stretch, sequence: number): number {
  const checksums = 4 * Math.ceil((end - offset) / BLOCK_BYTES)
  const offsets = 4 * (nextSequence - sequence)
  return Math.max(offset, end - checksums - offsets - 2 * BLOCK_BYTES)
}
