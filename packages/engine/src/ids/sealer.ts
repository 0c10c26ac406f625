/**
 * The sealing side: makes runs from the journal, merges them, keeps filters and manifest. It runs in a thread of its
 * own (`seal-worker.ts`), or inline for tests and simulations, and is the only writer of the directory.
 *
 * Order of every change: new files whole and synced, then the manifest that names them; the old files are deleted once the
 * looking-up side has opened the new ones (`tidy`).
 */
import { basename } from 'node:path'

import type { Disk } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { type Book, gather } from './collect.ts'
import { FilterSet } from './filter-set.ts'
import { comeInOrder } from './id-order.ts'
import { SEAL_EVENTS_MAX } from './limits.ts'
import {
  deleteOthers,
  emptyManifest,
  type Manifest,
  readManifest,
  type RunPlace,
  writeManifest,
} from './manifest.ts'
import { mergeRuns, type MergeSteps, planMerge } from './merge.ts'
import { Run } from './run.ts'
import { type Rows, compareKeys } from './rows.ts'
import { DamagedRun, FAMILIES, Family, type RunHeader, runName } from './run-format.ts'
import { coveredThrough, gaps, ofFamily, replaced } from './run-places.ts'
import { TEMPORARY_SUFFIX } from './run-writer.ts'
import type { SealState } from './seal-state.ts'
import { type RunTarget, writeRun } from './write-run.ts'

export interface SealerOptions {
  readonly disk: Disk
  /** Of the runs; made when it is not there. */
  readonly directory: string
  /** 16 bytes: runs of another journal are thrown away. */
  readonly journalId: Uint8Array
  /** First sequence of the journal. */
  readonly firstSequence: number
  /** Newest durable sequence: runs that cover more belong to another history and are thrown away. */
  readonly lastSequence: number
  /** Of the filters' hash, for a new set of runs. */
  readonly seed: number
  /** The journal for reading, at least up to `through`. Closed by whoever gave it. */
  readonly book: (through: number) => Book
  /** Told while runs are made again: events done, events in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Done in slices: what takes the place of runs when it is through. */
interface Change {
  readonly kind: 'merge' | 'filter'
  readonly runs: readonly RunPlace[]
  readonly steps: MergeSteps
}

/** Damaged runs found while filters are made again: each is mended and the making begins anew. */
const FILTER_ATTEMPTS_MAX = 1_000

export class Sealer {
  readonly #options: SealerOptions
  readonly #filters: FilterSet
  #manifest: Manifest
  readonly #headers = new Map<string, RunHeader>()
  #change: Change | undefined
  /** Names of runs without a filter that are read in vain too often. */
  readonly #wanted = new Set<string>()
  #revision = 0

  /** Opens the set as the manifest says; what is lost, damaged or foreign is made again before it returns. */
  constructor(options: SealerOptions) {
    this.#options = options
    const { disk, directory } = options
    disk.makeDirectory(directory)
    const journalId = Buffer.from(options.journalId).toString('hex')
    const found = readManifest(disk, directory)
    const ours =
      found?.journalId === journalId && coveredThrough(found.runs) <= options.lastSequence
    this.#manifest = ours ? found : emptyManifest(journalId, options.seed)
    this.#filters = new FilterSet(disk, directory, this.#manifest.seed)
    const { through } = this
    const held = this.#manifest.runs.filter((run) => this.#holds(run))
    const missing = gaps(held, options.firstSequence, through)
    const isWhole = ours && held.length === found.runs.length && missing.length === 0
    this.#keep(held)
    const hasFilters = this.#filters.load(this.#manifest)
    this.#fillGaps(through)
    if (!hasFilters) this.#rebuildFilters(through)
    // What is whole is not written again: a server must be able to start on a full disk.
    if (isWhole && hasFilters) disk.syncDirectory(directory)
    else this.#publish(this.#manifest.runs)
    this.tidy()
  }

  get through(): number {
    return coveredThrough(this.#manifest.runs)
  }

  state(): SealState {
    const { seed, runs } = this.#manifest
    const { through } = this
    return { revision: this.#revision, through, seed, runs, filters: this.#filters.shared() }
  }

  /** Covers the durable events from … through. @param from right behind what is covered. */
  seal(from: number, through: number): void {
    const { firstSequence, book } = this.#options
    assert(from === (this.through === 0 ? firstSequence : this.through + 1), 'no gap between runs')
    for (let next = from; next <= through; next += SEAL_EVENTS_MAX) {
      const end = Math.min(through, next + SEAL_EVENTS_MAX - 1)
      const rows = gather(book(end), next, end)
      const made = FAMILIES.map((family) =>
        this.#write(rows[family], { family, from: next, through: end, level: 0 }),
      )
      this.#publish(replaced(this.#manifest.runs, [], made))
    }
  }

  #write(rows: Rows, place: RunTarget['place']): RunPlace {
    const { count } = rows
    const isBare = count === 0 || (place.family === Family.ids && this.#comeInOrder(rows, place))
    const filter = isBare ? undefined : this.#filters.forKeys(place.family, count)
    return writeRun(this.#options, rows, { place, filter })
  }

  #comeInOrder(rows: Rows, { family, from }: RunTarget['place']): boolean {
    const largest = new Uint32Array(4)
    for (const run of ofFamily(this.#manifest.runs, family)) {
      if (run.entries === 0 || run.from > from) continue
      const header = this.#header(run)
      if (compareKeys(header.largest, 0, largest, 0) > 0) largest.set(header.largest)
    }
    return comeInOrder(rows, largest)
  }

  /** Asks for a filter for a run that has none: it is made in a `step`. */
  wantFilter(file: string): void {
    this.#wanted.add(file)
  }

  /** Makes the given runs the set: filters, directory, manifest. What they replace stays until `tidy`. */
  #publish(runs: readonly RunPlace[]): void {
    const { disk, directory } = this.#options
    const filters = this.#filters.save(coveredThrough(runs))
    disk.syncDirectory(directory)
    const manifest = { ...this.#manifest, runs, filters }
    writeManifest(disk, directory, manifest)
    this.#manifest = manifest
    this.#revision++
  }

  /** Deletes what the newest state does not name: whoever looks up has it open by now. */
  tidy(): void {
    deleteOthers(this.#options.disk, this.#options.directory, this.#files())
  }

  /** In memory only: until it is published, a crash finds the runs of before. */
  #keep(runs: readonly RunPlace[]): void {
    this.#manifest = { ...this.#manifest, runs }
  }

  /** Names of the files that belong to the set, a merge in the making included. */
  #files(): Set<string> {
    const names = new Set(this.#manifest.filters.map((filter) => filter.file))
    for (const run of this.#manifest.runs) if (run.entries > 0) names.add(runName(run))
    const making = this.#change?.kind === 'merge' ? this.#change.runs : []
    const first = making.at(0)
    const last = making.at(-1)
    if (first !== undefined && last !== undefined) {
      names.add(runName({ ...first, through: last.through }) + TEMPORARY_SUFFIX)
    }
    return names
  }

  /**
   * Does a part of a merge or a filter that is due; damaged inputs are mended first. False: nothing was due. What changed shows in
   * `state` once it is done.
   */
  step(): boolean {
    try {
      this.#change ??= this.#beginFilter(this.#firstWanted()) ?? this.#beginMerge()
      if (this.#change === undefined) return false
      const { runs, steps } = this.#change
      const step = steps.next()
      if (step.done !== true) return true
      this.#change = undefined
      if (step.value !== undefined) {
        this.#publish(replaced(this.#manifest.runs, runs, [step.value]))
      }
    } catch (error) {
      this.#change = undefined
      if (!(error instanceof DamagedRun)) throw error
      this.repair([basename(error.file)])
    }
    return true
  }

  #firstWanted(): RunPlace | undefined {
    const wanted = this.#manifest.runs.find(
      (run) => !run.filtered && this.#wanted.has(runName(run)),
    )
    if (wanted === undefined) this.#wanted.clear()
    return wanted
  }

  #beginFilter(run: RunPlace | undefined): Change | undefined {
    if (run === undefined) return undefined
    const filters = this.#filters
    const steps = function* (): MergeSteps {
      yield* filters.addRun(run)
      return { ...run, filtered: true }
    }
    return { kind: 'filter', runs: [run], steps: steps() }
  }

  #beginMerge(): Change | undefined {
    for (const family of FAMILIES) {
      const all = ofFamily(this.#manifest.runs, family)
      const runs = planMerge(all, (run) => this.#header(run))
      if (runs === undefined) continue
      // What comes of runs with and without a filter has one: first for those that it lacks.
      const bare = runs.filter((run) => run.entries > 0 && !run.filtered)
      const some = runs.some((run) => run.entries > 0 && run.filtered)
      if (some && bare.length > 0) return this.#beginFilter(bare[0])
      const { disk, directory, journalId } = this.#options
      return { kind: 'merge', runs, steps: mergeRuns({ disk, directory, journalId, runs }) }
    }
    return undefined
  }

  #header(place: RunPlace): RunHeader {
    const name = runName(place)
    const known = this.#headers.get(name)
    if (known !== undefined) return known
    const run = Run.open(this.#options.disk, `${this.#options.directory}/${name}`)
    run.close()
    this.#headers.set(name, run.header)
    return run.header
  }

  /** Makes the named files of runs again from the journal. */
  repair(files: readonly string[]): void {
    this.#abandonChange()
    const { through } = this
    this.#keep(this.#manifest.runs.filter((run) => !files.includes(runName(run))))
    // From now on a crash finds the gap and fills it.
    writeManifest(this.#options.disk, this.#options.directory, this.#manifest)
    this.#fillGaps(through)
    this.#publish(this.#manifest.runs)
  }

  #abandonChange(): void {
    this.#change?.steps.return(undefined)
    this.#change = undefined
  }

  /** Whether the file of a run is there, with a header and an index that hold. */
  #holds(place: RunPlace): boolean {
    if (place.entries === 0) return true
    try {
      const header = this.#header(place)
      return (
        header.family === place.family &&
        header.from === place.from &&
        header.through === place.through &&
        header.entries === place.entries &&
        Buffer.compare(header.journalId, this.#options.journalId) === 0
      )
    } catch (error) {
      if (error instanceof DamagedRun) return false
      throw error
    }
  }

  /** The filters may have the keys of these stretches since they were sealed for the first time: a second time does no harm. */
  #fillGaps(through: number): void {
    const { firstSequence, book, onProgress } = this.#options
    const missing = gaps(this.#manifest.runs, firstSequence, through)
    const total = missing.reduce((sum, gap) => sum + gap.through - gap.from + 1, 0)
    let done = 0
    for (const { family, from, through: end, level } of missing) {
      for (let next = from; next <= end; next += SEAL_EVENTS_MAX) {
        const last = Math.min(end, next + SEAL_EVENTS_MAX - 1)
        const rows = gather(book(last), next, last)
        const made = this.#write(rows[family], { family, from: next, through: last, level })
        this.#keep(replaced(this.#manifest.runs, [], [made]))
        this.#headers.delete(runName(made))
        done += last - next + 1
        onProgress?.(done, total)
      }
    }
  }

  #rebuildFilters(through: number): void {
    for (let attempt = 0; attempt < FILTER_ATTEMPTS_MAX; attempt++) {
      try {
        return this.#filters.rebuild(this.#manifest.runs)
      } catch (error) {
        if (!(error instanceof DamagedRun)) throw error
        const name = basename(error.file)
        this.#keep(this.#manifest.runs.filter((run) => runName(run) !== name))
        this.#fillGaps(through)
      }
    }
    throw new Error('runs are damaged again as soon as they are mended: the disk cannot be trusted')
  }

  /** Leaves no half-made merge behind. */
  close(): void {
    this.#abandonChange()
  }
}
