/** The engine: the loop over the recovered parts, and what it does between two groups: releases, sealed ids, snapshots. */
import type { JournalWriter } from '@tallystick/journal'
import type { Ledger } from '@tallystick/ledger'

import type { Clock } from './clock.ts'
import { ClockGuard } from './clock-guard.ts'
import { Decider } from './decider.ts'
import { EngineError } from './errors.ts'
import type { Recovered } from './recovery.ts'
import { ReleaseTimer } from './release-timer.ts'
import { Salts } from './salts.ts'
import type { Scheduler } from './scheduler.ts'
import { Sequencer } from './sequencer.ts'
import type { SnapshotSink } from './snapshots/snapshot-sink.ts'
import { Snapshotter } from './snapshots/snapshotter.ts'

export interface EngineOptions {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: ((into: Uint8Array) => void) | undefined
  readonly shard: number
  /** Use the journal's writer thread. */
  readonly threads: boolean
  /** Where snapshots go; undefined: none are made. */
  readonly snapshots: SnapshotSink | undefined
  /** Journal bytes between two snapshots; 0 = only when asked. */
  readonly snapshotEveryBytes: number
  /** Ids in memory before they are sealed. */
  readonly idsPerGeneration: number
  /** A snapshot was made for its size. */
  readonly onSnapshot: (sequence: number) => void
  /** The book is durable up to here. */
  readonly onDurable: (sequence: number) => void
  /** Commands that are decided in one turn of the event loop. */
  readonly partCommands: number
  readonly onFatal: (error: Error) => void
  readonly onNote: (note: string) => void
}

const STOPPED = new EngineError('unavailable', 'the ledger has stopped')

export class Engine {
  readonly parts: Recovered
  readonly sequencer: Sequencer
  readonly snapshotter: Snapshotter | undefined
  readonly #options: EngineOptions
  readonly #timer: ReleaseTimer
  readonly #writer: JournalWriter
  #snapshotAt = 0
  #tasks: { readonly run: () => void; readonly reject: (error: EngineError) => void }[] = []
  #sealing: Promise<void> | undefined

  constructor(parts: Recovered, options: EngineOptions) {
    this.parts = parts
    this.#options = options
    const { ledger, book, keys, followers, journal } = parts
    this.#writer = journal.startWriter({
      thread: options.threads,
      onDurable: (durable) => this.sequencer.durable(durable),
      onFailed: (error) => this.sequencer.fail(error),
      defer: (write) => options.scheduler.soon(write),
    })
    this.sequencer = new Sequencer({
      ...{ ledger, book, followers, writer: this.#writer },
      decider: new Decider({
        ...{ ledger, book, requests: keys, followers, partCommands: options.partCommands },
      }),
      clock: new ClockGuard(options.clock),
      scheduler: options.scheduler,
      salts: new Salts(options.random),
      shard: options.shard,
      durable: journal.reader.lastSequence,
      inline: true,
      betweenGroups: () => this.#betweenGroups(),
      onDurable: options.onDurable,
      onFatal: (cause) => this.#failed(cause),
      onNote: options.onNote,
    })
    this.snapshotter = this.#makeSnapshotter()
    this.#timer = new ReleaseTimer(options.clock, options.scheduler, () => this.sequencer.release())
    this.sequencer.wake()
  }

  #makeSnapshotter(): Snapshotter | undefined {
    const { snapshots: sink } = this.#options
    if (sink === undefined) return undefined
    const { ledger, journal, indexes, snapshotSequence } = this.parts
    return new Snapshotter({
      ...{ ledger, sink, journalId: journal.id, snapshotSequence },
      indexes: () => indexes.save(),
      whenDurable: (sequence) => this.whenDurable(sequence),
      wake: () => this.sequencer.wake(),
    })
  }

  /** Resolves once `sequence` is decided and durable. Rejects with EngineError. */
  whenDurable(sequence: number): Promise<void> {
    if (sequence <= this.sequencer.durableSequence) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.sequencer.whenDurable(sequence, (failure: EngineError | undefined) => {
        if (failure === undefined) resolve()
        else reject(failure)
      })
    })
  }

  /** Makes a snapshot; resolves with its sequence when it is published. */
  async snapshot(): Promise<number> {
    const { snapshotter } = this
    if (snapshotter === undefined) return 0
    return this.atRest(() => snapshotter.begin()).then((made) => made)
  }

  /** Calls `task` between two groups, when nothing is half done. Rejects with EngineError when that never comes. */
  atRest<Answer>(task: (ledger: Ledger) => Answer): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const run = (): void => {
      try {
        resolve(task(this.parts.ledger))
      } catch (error) {
        reject(error)
      }
    }
    if (this.sequencer.state === 'failed') reject(STOPPED)
    else this.#tasks.push({ run, reject })
    this.sequencer.wake()
    return promise
  }

  #failed(cause: Error): void {
    for (const { reject } of this.#tasks.splice(0)) reject(STOPPED)
    this.snapshotter?.abandon(STOPPED)
    this.#options.onFatal(cause)
  }

  #betweenGroups(): void {
    this.#timer.arm(this.parts.ledger.nextDeadline())
    this.#sealIds()
    this.#beginSnapshot()
    for (const { run } of this.#tasks.splice(0)) run()
    this.snapshotter?.step()
    if (this.sequencer.queued.requests === 0 && this.parts.indexes.tidy()) this.sequencer.wake()
  }

  #beginSnapshot(): void {
    const { snapshotter } = this
    const { snapshotEveryBytes, onNote, onSnapshot } = this.#options
    if (snapshotter === undefined || snapshotEveryBytes === 0) return
    const written = this.sequencer.written.bytes
    if (snapshotter.running !== undefined || written - this.#snapshotAt < snapshotEveryBytes) return
    this.#snapshotAt = written
    snapshotter.begin().then(onSnapshot, (error: unknown) => {
      onNote(`no snapshot was made: ${String(error)}`)
    })
  }

  /** Moves the newest ids and keys to a sealed run when there are many. */
  #sealIds(): void {
    const { ledger, keys, sealed } = this.parts
    if (sealed === undefined || this.#sealing !== undefined) return
    if (Math.max(ledger.idCount(), keys.table.count) < this.#options.idsPerGeneration) return
    const through = ledger.rotateIds()
    keys.table.rotate(through)
    this.#sealing = this.#seal(through)
  }

  async #seal(through: number): Promise<void> {
    const { ledger, keys, sealed, journal } = this.parts
    try {
      await this.whenDurable(through)
      if (sealed === undefined) return
      const from = sealed.through === 0 ? journal.reader.firstSequence : sealed.through + 1
      await sealed.seal(from, through)
      ledger.dropIds(through)
      keys.table.drop(through)
    } catch (error) {
      this.#options.onNote(`ids could not be sealed, they stay in memory: ${String(error)}`)
    } finally {
      this.#sealing = undefined
    }
  }

  /** Makes a snapshot, answers what waits, then stops. */
  async close(): Promise<void> {
    if (this.snapshotter !== undefined && this.sequencer.state !== 'failed') {
      await this.snapshot().catch((error: unknown) => {
        this.#options.onNote(`closed without a snapshot: ${String(error)}`)
      })
    }
    await this.sequencer.quiesce()
    this.#timer.stop()
    this.snapshotter?.abandon(new Error('the ledger was closed'))
    await this.#options.snapshots?.close()
    await this.#sealing
    await this.parts.sealed?.close()
    await this.parts.journal.close()
  }
}
