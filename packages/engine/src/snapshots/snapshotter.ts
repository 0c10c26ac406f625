/**
 * Makes snapshots while work goes on: the state is cut between two groups, its pages are copied in slices between others, and
 * the file is published when everything in it is durable in the journal.
 */
import type { Cut, Ledger } from '@tallystick/ledger'

import { SNAPSHOT_PAGE_BYTES, SNAPSHOT_SLICE_BYTES } from '../limits.ts'
import { type IndexBytes, IndexPieces } from './index-pieces.ts'
import type { SnapshotSink } from './snapshot-sink.ts'

export interface SnapshotterParts {
  readonly ledger: Ledger
  readonly sink: SnapshotSink
  readonly journalId: Uint8Array
  /** Of the snapshot that the ledger was loaded from; 0 = none. */
  readonly snapshotSequence: number
  /** The indexes as bytes, as they are when they are read: later than the cut, if need be. */
  readonly indexes: () => readonly IndexBytes[]
  /** Resolves when a sequence is durable. */
  readonly whenDurable: (sequence: number) => Promise<void>
  /** Asks for `step` to be called soon, between groups. */
  readonly wake: () => void
}

interface Running {
  readonly cut: Cut
  /** Behind the pages; undefined while those are copied. */
  indexes: IndexPieces | undefined
  /** Everything is with the sink. */
  copied: boolean
  readonly promise: Promise<number>
  readonly resolve: (sequence: number) => void
  readonly reject: (error: unknown) => void
}

export class Snapshotter {
  readonly #parts: SnapshotterParts
  #running: Running | undefined
  #page = 0
  /** Snapshots made, and the newest's sequence. */
  made = 0
  sequence: number

  constructor(parts: SnapshotterParts) {
    this.#parts = parts
    this.sequence = parts.snapshotSequence
    parts.sink.onReady = parts.wake
  }

  get running(): Promise<number> | undefined {
    return this.#running?.promise
  }

  /** Cuts the state: between two groups. Resolves with the sequence when the snapshot is published. */
  begin(): Promise<number> {
    if (this.#running !== undefined) return this.#running.promise
    const { ledger, sink, journalId, wake } = this.#parts
    if (ledger.lastSequence === this.sequence) return Promise.resolve(this.sequence)
    const cut = ledger.beginCut()
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const running = { cut, indexes: undefined, copied: false, promise, resolve, reject }
    this.#running = running
    this.#page = 0
    try {
      sink.begin({
        ...{ journalId, sequence: cut.sequence, pages: cut.pageCount },
        head: Buffer.from(cut.head),
      })
    } catch (error) {
      this.#fail(running, error)
    }
    wake()
    return promise
  }

  /** Copies one slice, if a snapshot is being made. Between two groups. */
  step(): void {
    const running = this.#running
    if (running === undefined || running.copied) return
    try {
      const slice = this.#parts.sink.take()
      // The sink tells when it has room again.
      if (slice === undefined) return
      if (running.indexes === undefined) this.#copyPages(running, slice)
      else this.#copyIndexes(running, running.indexes, slice)
    } catch (error) {
      return this.#fail(running, error)
    }
    if (running.copied) void this.#finish(running)
    else this.#parts.wake()
  }

  #copyPages(running: Running, slice: Uint8Array): void {
    const { cut } = running
    let bytes = 0
    while (bytes < SNAPSHOT_SLICE_BYTES && this.#page < cut.pageCount) {
      cut.read(this.#page++, slice.subarray(bytes, bytes + SNAPSHOT_PAGE_BYTES))
      bytes += SNAPSHOT_PAGE_BYTES
    }
    this.#parts.sink.fill('pages', bytes)
    if (this.#page < cut.pageCount) return
    cut.end()
    running.indexes = new IndexPieces(this.#parts.indexes())
  }

  #copyIndexes(running: Running, indexes: IndexPieces, slice: Uint8Array): void {
    this.#parts.sink.fill('indexes', indexes.fill(slice))
    running.copied = indexes.done
  }

  /** Gives up what is being made. */
  abandon(reason: Error): void {
    if (this.#running !== undefined) this.#fail(this.#running, reason)
  }

  async #finish(running: Running): Promise<void> {
    try {
      // A snapshot must never be ahead of the book.
      await this.#parts.whenDurable(running.cut.sequence)
      await this.#parts.sink.finish()
    } catch (error) {
      return this.#fail(running, error)
    }
    this.made++
    this.sequence = running.cut.sequence
    this.#running = undefined
    running.resolve(this.sequence)
  }

  #fail(running: Running, reason: unknown): void {
    if (this.#running !== running) return
    this.#running = undefined
    if (running.indexes === undefined) running.cut.end()
    this.#parts.sink.abandon()
    running.reject(reason)
  }
}
