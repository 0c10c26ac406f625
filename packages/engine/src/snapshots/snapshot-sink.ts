/** Where a snapshot's pages go: written by this thread, or by one of its own. */
import type { Disk } from '@tallystick/journal'

import { SnapshotFile, type SnapshotPlan } from './snapshot-file.ts'

export type SnapshotPart = 'pages' | 'indexes'

/** One snapshot at a time: begin, pages in order, indexes, finish. */
export interface SnapshotSink {
  begin(plan: SnapshotPlan): void
  /** Memory for the next bytes, `SNAPSHOT_SLICE_BYTES`; undefined: none is free yet, `onReady` will tell. */
  take(): Uint8Array | undefined
  /** The memory that was taken last is filled with `bytes` bytes of pages, or of indexes. */
  fill(what: SnapshotPart, bytes: number): void
  /** Publishes. Rejects with what the disk threw; nothing is published then. */
  finish(): Promise<void>
  /** Gives the begun snapshot up. */
  abandon(): void
  onReady: () => void
  close(): Promise<void>
}

/** On this thread: for memory mode, tests and simulations. */
export class InlineSnapshotSink implements SnapshotSink {
  onReady = (): void => {}
  readonly #disk: Disk
  readonly #directory: string
  readonly #slice: Uint8Array
  #file: SnapshotFile | undefined

  constructor(disk: Disk, directory: string, sliceBytes: number) {
    this.#disk = disk
    this.#directory = directory
    this.#slice = new Uint8Array(sliceBytes)
  }

  begin(plan: SnapshotPlan): void {
    this.#file = new SnapshotFile(this.#disk, this.#directory, plan)
  }

  take(): Uint8Array {
    return this.#slice
  }

  fill(what: SnapshotPart, bytes: number): void {
    this.#file?.[what](this.#slice.subarray(0, bytes))
  }

  async finish(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    file?.finish()
    return Promise.resolve()
  }

  abandon(): void {
    const file = this.#file
    this.#file = undefined
    try {
      file?.abandon()
    } catch {
      // What is left of the part is removed at the next start.
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
