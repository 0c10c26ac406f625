/** Merging runs of one family: when it is worth it, and the merge itself, in slices. */
import type { Disk } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { MERGE_FAN_IN, MERGE_SLICE_ENTRIES, OVERLAP_MAX, RUNS_MAX } from './limits.ts'
import type { RunPlace } from './manifest.ts'
import { compareKeys } from './rows.ts'
import { Family, type RunHeader, runName } from './run-format.ts'
import { RunStream } from './run-stream.ts'
import { type RunCover, RunWriter } from './run-writer.ts'

/** Smallest and largest key of a run, four words each. */
export type KeyRange = Pick<RunHeader, 'smallest' | 'largest'>

/**
 * The runs of one family that should become one: neighbours of one level whose keys overlap, so that a look-up would ask
 * many of them. Runs whose keys lie apart, as those of time-ordered ids do, stay as they are: a look-up asks one or two,
 * however many there are.
 * @param runs of one family, in order of sequence. @param rangeOf of a run that has entries.
 */
export function planMerge(
  runs: readonly RunPlace[],
  rangeOf: (run: RunPlace) => KeyRange,
): readonly RunPlace[] | undefined {
  if (runs.filter((run) => run.entries > 0).length > RUNS_MAX) {
    return withoutEmptyEnd(cheapest(runs))
  }
  // The youngest first: they are the smallest.
  for (let at = runs.length - MERGE_FAN_IN; at >= 0; at--) {
    const some = runs.slice(at, at + MERGE_FAN_IN)
    if (!some.every((run) => run.level === some[0]?.level)) continue
    const ranges = some.filter((run) => run.entries > 0).map(rangeOf)
    if (overlap(ranges) > OVERLAP_MAX) return withoutEmptyEnd(some)
  }
  return undefined
}

/** An empty stretch at the end may grow while the merge goes on. */
function withoutEmptyEnd(runs: readonly RunPlace[]): readonly RunPlace[] {
  return runs.at(-1)?.entries === 0 ? runs.slice(0, -1) : runs
}

/** The neighbours with the fewest entries. */
function cheapest(runs: readonly RunPlace[]): readonly RunPlace[] {
  const entriesFrom = (at: number): number =>
    runs.slice(at, at + MERGE_FAN_IN).reduce((sum, run) => sum + run.entries, 0)
  let best = 0
  for (let at = 1; at + MERGE_FAN_IN <= runs.length; at++) {
    if (entriesFrom(at) < entriesFrom(best)) best = at
  }
  return runs.slice(best, best + MERGE_FAN_IN)
}

/** The most runs that may hold one key, as far as their smallest and largest tell. */
function overlap(ranges: readonly KeyRange[]): number {
  const over = ({ smallest }: KeyRange): number =>
    ranges.filter(
      (other) =>
        compareKeys(smallest, 0, other.smallest, 0) >= 0 &&
        compareKeys(smallest, 0, other.largest, 0) <= 0,
    ).length
  return Math.max(0, ...ranges.map(over))
}

/** Of entries with one key: an id and a request keep the first, a touched transfer the newest. */
export function newestWins(family: Family): boolean {
  return family === Family.touches
}

/** Yields between slices; returns the new run, or nothing when it was abandoned. */
export type MergeSteps = Generator<undefined, RunPlace | undefined, undefined>

export interface MergeJob {
  readonly disk: Disk
  readonly directory: string
  readonly journalId: Uint8Array
  /** Neighbours of one family, in order of sequence, at least one with entries. */
  readonly runs: readonly RunPlace[]
}

/**
 * Merges; between two slices the caller may do something else. The result's file has its name when it returns. An
 * abandoned merge (`return()` of the generator) leaves nothing. @throws DamagedRun
 */
export function* mergeRuns(job: MergeJob): MergeSteps {
  const { disk, directory, runs } = job
  const first = runs.at(0)
  const last = runs.at(-1)
  assert(first !== undefined && last !== undefined)
  const cover: RunCover = {
    family: first.family,
    journalId: job.journalId,
    from: first.from,
    through: last.through,
  }
  const streams: RunStream[] = []
  const writer = new RunWriter(disk, directory, cover)
  let finished = false
  try {
    for (const run of runs.filter(({ entries }) => entries > 0)) {
      streams.push(new RunStream(disk, `${directory}/${runName(run)}`, run.blocks))
    }
    const merger = new Merger(streams, newestWins(first.family))
    while (merger.slice(writer)) yield
    const header = writer.finish()
    finished = true
    const level = Math.max(...runs.map((run) => run.level)) + 1
    const filtered = runs.every((run) => run.entries === 0 || run.filtered)
    const { family, from, through, entries, blocks } = header
    return { family, from, through, level, entries, blocks, filtered }
  } finally {
    for (const stream of streams) stream.close()
    if (!finished) writer.abandon()
  }
}

class Merger {
  /** Oldest first, only those with entries left. */
  #streams: RunStream[]
  readonly #newestWins: boolean

  constructor(streams: readonly RunStream[], newest: boolean) {
    this.#streams = [...streams]
    this.#newestWins = newest
  }

  /** Writes the next entries; false: that was all. */
  slice(writer: RunWriter): boolean {
    for (let i = 0; i < MERGE_SLICE_ENTRIES; i++) {
      const chosen = this.#smallest()
      if (chosen === undefined) return false
      writer.add(chosen.words, chosen.at)
      this.#passKey(chosen)
    }
    return true
  }

  /** The stream with the smallest key; among equal ones the oldest or the newest. */
  #smallest(): RunStream | undefined {
    let best: RunStream | undefined
    for (const stream of this.#streams) {
      if (best === undefined) {
        best = stream
        continue
      }
      const order = compareKeys(stream.words, stream.at, best.words, best.at)
      if (order < 0 || (order === 0 && this.#newestWins)) best = stream
    }
    return best
  }

  /** Moves the chosen stream, and all others behind the key that it had. */
  #passKey(chosen: RunStream): void {
    let ended = false
    for (const stream of this.#streams) {
      if (stream === chosen) continue
      if (compareKeys(stream.words, stream.at, chosen.words, chosen.at) !== 0) continue
      stream.next()
      ended ||= stream.done
    }
    chosen.next()
    ended ||= chosen.done
    if (ended) this.#streams = this.#streams.filter((stream) => !stream.done)
  }
}
