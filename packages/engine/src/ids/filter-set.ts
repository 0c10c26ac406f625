/**
 * The filters of all families: a few per family, each with more room than the one before, so that a growing set
 * never has to be read again to widen them, and a new key costs a handful of questions however many runs there are.
 */
import type { Disk } from '@tallystick/journal'

import { Filter } from './filter.ts'
import { FilterFilling } from './filter-filling.ts'
import { readFilter, writeFilter } from './filter-file.ts'
import { FILTER_GROWTH, MERGE_SLICE_ENTRIES } from './limits.ts'
import type { FilterPlace, Manifest, RunPlace } from './manifest.ts'
import { FAMILIES, FAMILY_NAMES, type Family, runName } from './run-format.ts'
import { ofFamily } from './run-places.ts'
import { RunStream } from './run-stream.ts'
import type { SharedFilter } from './seal-state.ts'

interface Held {
  readonly family: Family
  readonly filter: Filter
  /** Its file as the manifest names it; undefined: changed since. */
  file: string | undefined
}

export class FilterSet {
  readonly #disk: Disk
  readonly #directory: string
  readonly #seed: number
  /** Oldest first within a family. */
  #held: Held[] = []

  constructor(disk: Disk, directory: string, seed: number) {
    this.#disk = disk
    this.#directory = directory
    this.#seed = seed
  }

  /** Reads the filters that the manifest names. False: one does not hold, or there are fewer keys in them than in the filtered runs. */
  load(manifest: Manifest): boolean {
    this.#held = []
    for (const { family, file, keys } of manifest.filters) {
      const filter = readFilter(this.#disk, `${this.#directory}/${file}`, this.#seed)
      if (filter?.count !== keys) return false
      this.#held.push({ family, filter, file })
    }
    return FAMILIES.every((family) => {
      const runs = ofFamily(manifest.runs, family).filter((run) => run.filtered)
      const entries = runs.reduce((sum, run) => sum + run.entries, 0)
      return this.#keys(family) >= entries
    })
  }

  #ofFamily(family: Family): readonly Held[] {
    return this.#held.filter((held) => held.family === family)
  }

  #keys(family: Family): number {
    return this.#ofFamily(family).reduce((sum, { filter }) => sum + filter.count, 0)
  }

  /** The filter that takes so many more keys of a family. */
  forKeys(family: Family, keys: number): Filter {
    return this.#forKeys(family, keys).filter
  }

  #forKeys(family: Family, keys: number): Held {
    const newest = this.#ofFamily(family).at(-1)
    if (newest?.filter.takes(keys) === true) {
      newest.file = undefined
      return newest
    }
    const filter = Filter.withRoom(
      Math.max(keys, (newest?.filter.room ?? 0) * FILTER_GROWTH),
      this.#seed,
    )
    const held: Held = { family, filter, file: undefined }
    this.#held.push(held)
    return held
  }

  /** Reads every filtered run and makes all filters anew. @throws DamagedRun */
  rebuild(runs: readonly RunPlace[]): void {
    this.#held = []
    for (const run of runs) {
      if (run.entries === 0 || !run.filtered) continue
      for (const _ of this.addRun(run));
    }
  }

  /** Adds the keys of a run; yields between slices. Keys that were added before do no harm but take room. @throws DamagedRun */
  *addRun(run: RunPlace): Generator<undefined, void, undefined> {
    const stream = new RunStream(this.#disk, `${this.#directory}/${runName(run)}`, run.blocks)
    try {
      const held = this.#forKeys(run.family, run.entries)
      const filling = new FilterFilling(held.filter, run.entries)
      for (let added = 1; !stream.done; stream.next(), added++) {
        filling.add(stream.words, stream.at)
        if (added % MERGE_SLICE_ENTRIES !== 0) continue
        yield
        // Whoever saved it in between has its keys of then.
        held.file = undefined
      }
      filling.flush()
    } finally {
      stream.close()
    }
  }

  /** Writes those that changed, under names that nothing in use has. */
  save(through: number): readonly FilterPlace[] {
    const numbers = new Map<Family, number>()
    for (const held of this.#held) {
      const number = (numbers.get(held.family) ?? 0) + 1
      numbers.set(held.family, number)
      if (held.file !== undefined) continue
      const file = `${FAMILY_NAMES[held.family]}-${number}-${through}-${held.filter.count}.filter`
      writeFilter(this.#disk, `${this.#directory}/${file}`, held.filter)
      held.file = file
    }
    return this.#held.map(({ family, filter, file }) => ({
      family,
      file: file ?? '',
      keys: filter.count,
    }))
  }

  shared(): readonly SharedFilter[] {
    return this.#held.map(({ family, filter }) => {
      const bits = filter.words.buffer
      if (!(bits instanceof SharedArrayBuffer)) throw new TypeError('filters lie in shared memory')
      return { family, bits, keys: filter.count }
    })
  }
}
