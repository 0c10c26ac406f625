/**
 * The looking-up side of one family: opened runs and shared filters. A new key costs two comparisons when it lies behind
 * all others, as time-ordered ids do; else one hash and a cache miss per filter; the disk is read only on a hit or a false alarm, or
 * where the key lies among those of a run without a filter. A run that is read in vain too often gets one.
 */
import { basename } from 'node:path'

import type { Disk } from '@tallystick/journal'
import { NO_RANK, rankOf } from '@tallystick/ledger'

import { Filter } from './filter.ts'
import { hashKey } from './key-hash.ts'
import { ASKED_IN_VAIN_MAX } from './limits.ts'
import type { RunPlace } from './manifest.ts'
import { compareKeys } from './rows.ts'
import { Run } from './run.ts'
import { type Family, runName } from './run-format.ts'
import type { SealState } from './seal-state.ts'

/** A run that can be asked. */
interface Asked {
  readonly run: Run
  /** Its keys are in the filters. */
  readonly filtered: boolean
  /** How often it was read without a filter for a key that it has not. */
  inVain: number
}

export interface RunSetHome {
  readonly disk: Disk
  readonly directory: string
  /** Told of a run that is read in vain too often, once. */
  readonly onVain: (file: string) => void
}

export class RunSet {
  readonly #home: RunSetHome
  readonly #family: Family
  /** In the order in which they are asked. */
  #runs: readonly Asked[] = []
  #allFiltered = true
  #filters: readonly Filter[] = []
  #seed = 0
  readonly #oldestFirst: boolean
  readonly #smallest = new Uint32Array(4)
  readonly #largest = new Uint32Array(4)

  constructor(home: RunSetHome, family: Family, oldestFirst: boolean) {
    this.#home = home
    this.#family = family
    this.#oldestFirst = oldestFirst
  }

  get empty(): boolean {
    return this.#runs.length === 0
  }

  /** Rank of the largest key, -1 = there is none. A key without a place in the order may hide a smaller one: then no rank is beyond it. */
  get largestRank(): number {
    if (this.empty) return -1
    const rank = rankOf(this.#largest, 0)
    return rank === NO_RANK ? Number.POSITIVE_INFINITY : rank
  }

  /** Takes over a new state. @param renewed names of files that were replaced. @throws DamagedRun */
  update(state: SealState, renewed: readonly string[] = []): void {
    const before = new Map(this.#runs.map((asked) => [basename(asked.run.path), asked]))
    const places = state.runs.filter((run) => run.family === this.#family && run.entries > 0)
    const runs = places.map((place) => this.#open(place, before, renewed))
    for (const { run } of before.values()) run.close()
    this.#allFiltered = runs.every(({ filtered }) => filtered)
    this.#runs = this.#oldestFirst ? runs : runs.toReversed()
    this.#seed = state.seed
    this.#filters = state.filters
      .filter((filter) => filter.family === this.#family)
      .map(({ bits, keys }) => new Filter(bits, state.seed, keys))
    this.#bounds()
  }

  /** Keeps what is open already: takes it out of `before`, whose rest is closed. */
  #open(place: RunPlace, before: Map<string, Asked>, renewed: readonly string[]): Asked {
    const { disk, directory } = this.#home
    const { filtered } = place
    const name = runName(place)
    const known = before.get(name)
    if (known === undefined || renewed.includes(name)) {
      return { run: Run.open(disk, `${directory}/${name}`), filtered, inVain: 0 }
    }
    before.delete(name)
    return { run: known.run, filtered, inVain: known.inVain }
  }

  #bounds(): void {
    this.#smallest.fill(0xffff_ffff)
    this.#largest.fill(0)
    for (const { run } of this.#runs) {
      const { smallest, largest } = run.header
      if (compareKeys(smallest, 0, this.#smallest, 0) < 0) this.#smallest.set(smallest)
      if (compareKeys(largest, 0, this.#largest, 0) > 0) this.#largest.set(largest)
    }
  }

  /**
   * Looks up the key at u32 index `at` of `words`. On a hit `value` holds the lower and the upper word of its value.
   * @throws DamagedRun
   */
  find(words: Uint32Array, at: number, value: Uint32Array): boolean {
    if (this.#runs.length === 0) return false
    if (compareKeys(words, at, this.#largest, 0) > 0) return false
    if (compareKeys(words, at, this.#smallest, 0) < 0) return false
    const mayHave = this.#mayHave(words, at)
    if (!mayHave && this.#allFiltered) return false
    for (const asked of this.#runs) {
      if ((asked.filtered && !mayHave) || !asked.run.covers(words, at)) continue
      if (asked.run.find(words, at, value)) return true
      if (!asked.filtered) this.#note(asked)
    }
    return false
  }

  #note(asked: Asked): void {
    asked.inVain++
    if (asked.inVain === ASKED_IN_VAIN_MAX) this.#home.onVain(basename(asked.run.path))
  }

  #mayHave(words: Uint32Array, at: number): boolean {
    hashKey(words, at, this.#seed)
    for (const filter of this.#filters) if (filter.mayHaveHashed()) return true
    return false
  }

  close(): void {
    for (const { run } of this.#runs) run.close()
    this.#runs = []
  }
}
