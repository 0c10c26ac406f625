/**
 * Reading ahead: parts of segments are brought near side by side, off this thread, before they are read one after another. Only
 * ever a hint: what was fetched is thrown away here, and read and verified later from the system's file cache.
 */
import type { SegmentCatalogue } from './segment-catalogue.ts'
import type { SegmentFiles } from './segment-files.ts'

/** What lies between two points of the sparse index: one large frame, or small ones side by side. */
export interface Stretch {
  readonly segment: number
  /** Offset of the first frame's header in the segment. */
  readonly offset: number
  /** Offset behind the last frame. */
  readonly end: number
  readonly firstSequence: number
  /** Sequence behind the last one. */
  readonly nextSequence: number
}

export class ReadAhead {
  readonly #files: SegmentFiles
  readonly #catalogue: SegmentCatalogue
  readonly #nextSequence: () => number

  /** @param nextSequence the one behind the newest that can be read. */
  constructor(files: SegmentFiles, catalogue: SegmentCatalogue, nextSequence: () => number) {
    this.#files = files
    this.#catalogue = catalogue
    this.#nextSequence = nextSequence
  }

  /** Reads of this thread so far that had to wait for the disk, by the time that they took. */
  get slowReads(): number {
    return this.#files.slowReads
  }

  /** The stretch that holds a sequence of the journal. */
  stretchOf(sequence: number): Stretch {
    const segment = this.#catalogue.segmentOf(sequence)
    const isNewest = segment === this.#catalogue.newest
    const nextSequence = isNewest
      ? this.#nextSequence()
      : this.#catalogue.header(segment + 1).firstSequence
    return { segment, ...this.#catalogue.index(segment).stretchOf(sequence, nextSequence) }
  }

  /** Resolves when the bytes are near, or could not be brought. False: the journal is closed. */
  async fetch(segment: number, offset: number, length: number): Promise<boolean> {
    if (!this.#files.isClosed) await this.#files.fetch(segment, offset, length)
    return !this.#files.isClosed
  }
}
