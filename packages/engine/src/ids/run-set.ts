/**
 * The looking-up side of one family: opened runs and shared filters. A new key costs two comparisons when it lies behind
 * all others, as time-ordered ids do; else one hash and a cache miss per filter; the disk is read only on a hit or a false alarm.
 */
import { basename } from 'node:path'

import type { Disk } from '@tallystick/journal'
import { NO_RANK, rankOf } from '@tallystick/ledger'

import { Filter } from './filter.ts'
import { hashKey } from './key-hash.ts'
import type { RunPlace } from './manifest.ts'
import { compareKeys } from './rows.ts'
import { Run } from './run.ts'
import { type Family, runName } from './run-format.ts'
import type { SealState } from './seal-state.ts'

export class RunSet {
  readonly #disk: Disk
  readonly #directory: string
  readonly #family: Family
  /** In the order in which they are asked. */
  #runs: readonly Run[] = []
  #filters: readonly Filter[] = []
  #seed = 0
  readonly #oldestFirst: boolean
  readonly #smallest = new Uint32Array(4)
  readonly #largest = new Uint32Array(4)

  constructor(home: { disk: Disk; directory: string }, family: Family, oldestFirst: boolean) {
    this.#disk = home.disk
    this.#directory = home.directory
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
    const before = new Map(this.#runs.map((run) => [basename(run.path), run]))
    const places = state.runs.filter((run) => run.family === this.#family && run.entries > 0)
    const runs = places.map((place) => this.#open(place, before, renewed))
    for (const run of before.values()) run.close()
    this.#runs = this.#oldestFirst ? runs : runs.toReversed()
    this.#seed = state.seed
    this.#filters = state.filters
      .filter((filter) => filter.family === this.#family)
      .map(({ bits, keys }) => new Filter(bits, state.seed, keys))
    this.#bounds()
  }

  /** Keeps what is open already: takes it out of `before`, whose rest is closed. */
  #open(place: RunPlace, before: Map<string, Run>, renewed: readonly string[]): Run {
    const name = runName(place)
    const known = before.get(name)
    if (known === undefined || renewed.includes(name)) {
      return Run.open(this.#disk, `${this.#directory}/${name}`)
    }
    before.delete(name)
    return known
  }

  #bounds(): void {
    this.#smallest.fill(0xffff_ffff)
    this.#largest.fill(0)
    for (const { header } of this.#runs) {
      const { smallest, largest } = header
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
    if (!this.#mayHave(words, at)) return false
    for (const run of this.#runs) {
      if (run.covers(words, at) && run.find(words, at, value)) return true
    }
    return false
  }

  #mayHave(words: Uint32Array, at: number): boolean {
    hashKey(words, at, this.#seed)
    for (const filter of this.#filters) if (filter.mayHaveHashed()) return true
    return false
  }

  close(): void {
    for (const run of this.#runs) run.close()
    this.#runs = []
  }
}
