/** Follows a book that another thread is writing: whole frames in order, as bodies. For what is made from the book and may be thrown away. */
import { type Disk, JournalFollower, RealDisk } from '@tallystick/journal'

import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'

export interface BookFollowerOptions {
  /** Of the journal's segments: `bookDirectory`. */
  readonly directory: string
  readonly journalId: Uint8Array
  /** The first frame given is the one that holds the event behind this one. */
  readonly after: number
  readonly disk?: Disk
}

export class BookFollower {
  readonly #follower: JournalFollower
  readonly #frames = new FrameMemory()

  constructor({ disk = new RealDisk(), ...rest }: BookFollowerOptions) {
    this.#follower = new JournalFollower({ ...rest, disk })
  }

  /**
   * Frames up to the one that holds event `through`, which must be durable. Each is valid until the next is asked for.
   * Throws JournalCorrupt, JournalRefused, and what the disk throws.
   */
  *bodies(through: number): IterableIterator<BookBody> {
    for (const frame of this.#follower.frames(through)) yield this.#frames.body(frame)
  }

  close(): void {
    this.#follower.close()
  }
}
