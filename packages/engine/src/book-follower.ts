/**
 * Reads the book of a ledger that is being written, in order of sequence and from any event on: what everything builds on that follows the
 * log. It reads files, so it can do that in a thread of its own.
 */
import { type Disk, JournalFollower, type Landmarks } from '@tallystick/journal'

import type { BookBody } from './book-body.ts'
import { FrameMemory } from './frame-memory.ts'

/** Where a ledger's book lies. */
export interface BookPlace {
  readonly disk: Disk
  /** Of the journal's segments. */
  readonly directory: string
  /** 16 bytes: of the journal, for its whole life. */
  readonly journalId: Uint8Array
  readonly shard: number
}

export interface BookFollowerOptions extends Omit<BookPlace, 'shard'> {
  /** The first body given is the one that holds the event behind this one. */
  readonly after: number
  readonly landmarks?: Landmarks
}

export class BookFollower {
  readonly #follower: JournalFollower
  readonly #frames = new FrameMemory()

  constructor(options: BookFollowerOptions) {
    this.#follower = new JournalFollower(options)
  }

  /** Sequence of the next event that it will give. */
  get next(): number {
    return this.#follower.next
  }

  /**
   * Whole frames up to the one that holds event `through`, which must be durable. A body is valid until the next one is asked for.
   * Throws JournalCorrupt, JournalRefused, and what the disk throws; after that it is of no use any more.
   */
  *bodies(through: number): Generator<BookBody> {
    for (const frame of this.#follower.frames(through)) yield this.#frames.body(frame)
  }

  close(): void {
    this.#follower.close()
  }
}
