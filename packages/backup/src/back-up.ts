/** Backs a data directory up: once, up to what it has when that begins; or on and on, as it grows. */
import { setTimeout as sleep } from 'node:timers/promises'

import { RealDisk } from '@tallystick/journal'

import type { Checkpoints } from './checkpoints.ts'
import { type DataDirectory, journalNow } from './data-directory.ts'
import { StoreFailed } from './errors.ts'
import type { ProvedState, Sign } from './manifest.ts'
import { Pace } from './pace.ts'
import { type ShippedEvents, Shipper, type ShipperOptions } from './shipper.ts'
import { proveState } from './state-thread.ts'
import type { BackupStore } from './store.ts'

/** ms between two looks at the journal while it is followed. With the time to carry, a disk that dies takes less than a second along. */
const FOLLOW_MS = 300
/** ms after which a store that failed is tried again, at first and at most. */
const RETRY_MS = [500, 30_000] as const
/** ms between two proofs of the state while a journal is followed. */
const PROVE_EVERY_MS = 60 * 60 * 1000

export interface BackupProgress {
  readonly stage: 'pieces' | 'state'
  /** Bytes of pieces; events of state. */
  readonly done: number
  readonly total: number
}

export interface BackupOptions {
  /** Of the data. A server may be writing it. */
  readonly directory: string
  readonly store: BackupStore
  readonly shard?: number
  /** Default: as fast as it goes. */
  readonly bytesPerSecond?: number
  /** Default: manifests are not signed. */
  readonly sign?: Sign
  /** Where the proof log's newest checkpoint is got, which is kept with the backup once that covers it. */
  readonly checkpoints?: Checkpoints
  /** Told after each manifest: events of the journal that the destination has for certain. */
  readonly onShipped?: (shipped: ShippedEvents) => void | Promise<void>
  readonly onProgress?: (progress: BackupProgress) => void
  /** For an operator: the store failed and is tried again. */
  readonly onNote?: (note: string) => void
  readonly signal?: AbortSignal
}

export interface BackupReport {
  readonly destination: string
  /** Newest event of the backup. */
  readonly sequence: number
  readonly state: ProvedState | undefined
  /** The newest checkpoint of the proof log that lies with it, a signed note. */
  readonly checkpoint: string | undefined
  /** Bytes and pieces that this run carried. */
  readonly bytes: number
  readonly pieces: number
  /** Bytes that an earlier run had carried without coming to its end. */
  readonly found: number
}

/**
 * Carries what the destination does not have yet, up to the newest event of this moment, and ends with a manifest.
 * @throws BackupRefused, BackupDamaged, StoreFailed; JournalCorrupt and JournalRefused; an AbortError when it was told to stop.
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const shipper = await Shipper.open(shipperOptions(options))
  return finish(options, shipper)
}

/** Goes on until `signal`: then carries what is there, and ends as `backUp` does. Throws as that does, but tries a store again that failed. */
export async function followBackup(
  options: BackupOptions & { readonly signal: AbortSignal },
): Promise<BackupReport> {
  const { signal: _signal, ...rest } = options
  const shipper = await Shipper.open(shipperOptions(rest))
  await new Follower(options, shipper).run()
  return finish(rest, shipper)
}

/** Carries what the journal has now, and writes the manifest: at once, and again when the state is proved. */
async function finish(options: BackupOptions, shipper: Shipper): Promise<BackupReport> {
  // Before the end is known: what was signed by then lies before it.
  await shipper.takeCheckpoint()
  const target = await journalNow(dataOf(options))
  while (shipper.sequence < target.sequence) {
    await shipper.ship()
    const { bytes, found } = shipper.shipped
    options.onProgress?.({ stage: 'pieces', done: bytes + found, total: target.bytes })
  }
  await shipper.publish()
  const state = await prove(options, shipper)
  if (state !== shipper.state) await shipper.publish(state)
  await shipper.sweep()
  const { sequence, shipped, checkpoint } = shipper
  return { destination: options.store.name, sequence, state, checkpoint, ...shipped }
}

class Follower {
  readonly #options: BackupOptions & { readonly signal: AbortSignal }
  readonly #shipper: Shipper
  #published = -1
  #proof: Promise<void> | undefined
  #provedAt = Number.NEGATIVE_INFINITY
  #state: ProvedState | undefined

  constructor(options: BackupOptions & { readonly signal: AbortSignal }, shipper: Shipper) {
    this.#options = options
    this.#shipper = shipper
    this.#state = shipper.state
  }

  async run(): Promise<void> {
    const { signal, onNote } = this.#options
    let retryMs: number = RETRY_MS[0]
    while (!signal.aborted) {
      try {
        await this.#round()
        retryMs = RETRY_MS[0]
        await pause(FOLLOW_MS, signal)
      } catch (error) {
        if (!(error instanceof StoreFailed)) throw error
        onNote?.(`${error.message}; tried again in ${retryMs / 1000} s`)
        await pause(retryMs, signal)
        retryMs = Math.min(retryMs * 2, RETRY_MS[1])
      }
    }
    await this.#proof
  }

  /** Carries what there is, for as long as two looks are apart at most: a busy journal never comes to an end. */
  async #round(): Promise<void> {
    const { signal, onProgress } = this.#options
    const until = performance.now() + FOLLOW_MS
    for (let hasMore = true; hasMore && !signal.aborted && performance.now() < until;) {
      hasMore = await this.#shipper.ship()
      const { bytes, found } = this.#shipper.shipped
      onProgress?.({ stage: 'pieces', done: bytes + found, total: bytes + found })
    }
    const isNew = this.#shipper.sequence !== this.#published || this.#state !== this.#shipper.state
    if (isNew || (await this.#shipper.takeCheckpoint())) await this.#shipper.publish(this.#state)
    this.#published = this.#shipper.sequence
    this.#proveAtTimes()
  }

  #proveAtTimes(): void {
    const { sequence } = this.#shipper
    const now = performance.now()
    if (this.#proof !== undefined || sequence === this.#state?.sequence || sequence === 0) return
    if (now - this.#provedAt < PROVE_EVERY_MS) return
    this.#provedAt = now
    this.#proof = this.#prove(sequence)
  }

  /** On a thread of its own, while pieces are carried. */
  async #prove(sequence: number): Promise<void> {
    const { signal, onNote, directory, shard = 0 } = this.#options
    try {
      this.#state = await proveState({ directory, shard, sequence }, { signal })
    } catch (error) {
      if (!signal.aborted) onNote?.(`the state could not be proved: ${String(error)}`)
    } finally {
      this.#proof = undefined
    }
  }
}

function dataOf({ directory, shard = 0 }: BackupOptions): DataDirectory {
  return { disk: new RealDisk(), directory, shard }
}

function shipperOptions(options: BackupOptions): ShipperOptions {
  const { store, sign, signal, checkpoints, onShipped } = options
  const { bytesPerSecond = Number.POSITIVE_INFINITY } = options
  const data = dataOf(options)
  return {
    ...{ data, store, sign, signal, checkpoints, onShipped },
    pace: new Pace(bytesPerSecond),
    now: Date.now,
  }
}

/** The state at the newest event that was carried; undefined when there is none. */
async function prove(options: BackupOptions, shipper: Shipper): Promise<ProvedState | undefined> {
  const { sequence, state } = shipper
  if (sequence === 0 || state?.sequence === sequence) return state
  const { directory, shard = 0, signal, onProgress } = options
  return proveState(
    { directory, shard, sequence },
    { signal, onProgress: (done, total) => onProgress?.({ stage: 'state', done, total }) },
  )
}

/** Ends early when it is told to. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
