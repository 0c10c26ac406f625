/**
 * Sealed ids: what the ledger's table in memory has let go, on disk, exact, however old. Owns the looking-up side
 * and the way to the sealing side, which is a thread of its own or, for tests and simulations, this one.
 */
import { basename } from 'node:path'

import type { Disk } from '@tallystick/journal'
import type { Memory, OldIds } from '@tallystick/ledger'

import { type Book, sequenceKey } from './collect.ts'
import { InlineSealing } from './inline-sealing.ts'
import { EntryKind, valueKind, valueSequence } from './rows.ts'
import { DamagedRun, FAMILIES, Family } from './run-format.ts'
import { RunSet } from './run-set.ts'
import type { SealState } from './seal-state.ts'
import { ThreadSealing } from './thread-sealing.ts'

/** The sealing side, wherever it runs. */
export interface Sealing {
  /** Told of every new state. */
  onState: (state: SealState) => void
  seal(from: number, through: number): Promise<SealState>
  repair(files: readonly string[]): Promise<SealState>
  /** Asks for a filter for a run that has none; when it is there, a new state tells. */
  wantFilter(file: string): void
  /** The looking-up side has opened what that state names. */
  seen(revision: number): void
  close(): Promise<void>
}

export interface SealedIdsOptions {
  /** With `thread: true` this has to be the real disk: the thread opens files by itself. */
  readonly disk: Disk
  /** Of the runs; made when it is not there. */
  readonly directory: string
  readonly journal: {
    /** 16 bytes. */
    readonly id: Uint8Array
    readonly firstSequence: number
    /** Newest durable sequence. */
    readonly lastSequence: number
    /** Of the segments; the thread reads them itself. */
    readonly directory: string
    readonly shard: number
    /** What the sealing side reads when it is not a thread. */
    readonly book: Book
  }
  /** Seal in a thread of its own. */
  readonly thread: boolean
  /** Of the filters' hash, for a new set of runs: random, but in tests. */
  readonly seed: number
  /** Told while runs are made again from the journal: events done, events in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
  /** The sealing side ended by itself: nothing is sealed any more, and memory would grow. */
  readonly onFailure?: ((error: Error) => void) | undefined
}

export class SealedIds implements OldIds {
  readonly #sets: Record<Family, RunSet>
  readonly #sealing: Sealing
  readonly #damaged = new Set<string>()
  readonly #key = new Uint32Array(4)
  readonly #limbs = new BigUint64Array(this.#key.buffer)
  readonly #value = new Uint32Array(2)
  #through = 0

  private constructor(options: SealedIdsOptions, sealing: Sealing) {
    this.#sealing = sealing
    const home = { ...options, onVain: (file: string) => sealing.wantFilter(file) }
    this.#sets = {
      [Family.ids]: new RunSet(home, Family.ids, false),
      [Family.touches]: new RunSet(home, Family.touches, false),
      // The first request that used a key keeps it.
      [Family.requests]: new RunSet(home, Family.requests, true),
    }
    sealing.onState = (state) => this.#merged(state)
  }

  /** Opens the runs; what is lost, damaged or foreign is thrown away or made again from the journal first. */
  static async open(options: SealedIdsOptions): Promise<SealedIds> {
    const { sealing, state } = options.thread
      ? await ThreadSealing.start(options)
      : InlineSealing.start(options)
    const ids = new SealedIds(options, sealing)
    ids.#take(state, [])
    return ids
  }

  /** Last sequence that the runs cover; 0 = none. */
  get through(): number {
    return this.#through
  }

  get empty(): boolean {
    return this.#sets[Family.ids].empty
  }

  get largest(): number {
    return this.#sets[Family.ids].largestRank
  }

  /**
   * Sequence of the transfer with the u128 id at byte `offset`; negative: burnt there; 0: none.
   * @throws DamagedRun here and in the other look-ups: `repair`, then ask again.
   */
  transfer(memory: Memory, offset: number): number {
    if (!this.#find(Family.ids, memory.u32, offset >>> 2)) return 0
    const sequence = this.#sequence()
    return valueKind(this.#value[1] ?? 0) === EntryKind.burnt ? -sequence : sequence
  }

  /** Sequence of the newest sealed event that posted, voided, released or reversed that transfer; 0: none. */
  touch(sequence: number): number {
    sequenceKey(sequence, this.#key)
    return this.#find(Family.touches, this.#key, 0) ? this.#sequence() : 0
  }

  /** Sequence of the first event of the first request with that look-up key; 0: none. */
  key(low: bigint, high: bigint): number {
    this.#limbs[0] = low
    this.#limbs[1] = high
    return this.#find(Family.requests, this.#key, 0) ? this.#sequence() : 0
  }

  #find(family: Family, words: Uint32Array, at: number): boolean {
    try {
      return this.#sets[family].find(words, at, this.#value)
    } catch (error) {
      if (error instanceof DamagedRun) this.#damaged.add(basename(error.file))
      throw error
    }
  }

  #sequence(): number {
    return valueSequence(this.#value[0] ?? 0, this.#value[1] ?? 0)
  }

  /**
   * Writes runs for the durable events from … through; when it resolves, they answer for them. One call at a time.
   * Rejects with what the disk or the journal threw; nothing changed then, and it may be tried again.
   * @param from `through + 1`, or the journal's first sequence.
   */
  async seal(from: number, through: number): Promise<void> {
    this.#take(await this.#sealing.seal(from, through), [])
  }

  /** Makes the runs that look-ups found damaged again from the journal. */
  async repair(): Promise<void> {
    const files = [...this.#damaged]
    this.#take(await this.#sealing.repair(files), files)
    for (const file of files) this.#damaged.delete(file)
  }

  #take(state: SealState, renewed: readonly string[]): void {
    for (const family of FAMILIES) this.#sets[family].update(state, renewed)
    this.#through = state.through
    this.#sealing.seen(state.revision)
  }

  /** A merge changed the set. What it replaced stays open and right when the new run cannot be opened. */
  #merged(state: SealState): void {
    try {
      this.#take(state, [])
    } catch (error) {
      if (!(error instanceof DamagedRun)) throw error
      this.#damaged.add(basename(error.file))
    }
  }

  async close(): Promise<void> {
    await this.#sealing.close()
    for (const family of FAMILIES) this.#sets[family].close()
  }
}
