/** Sorts gathered rows and writes them as a run, without the rows for whose key another one stands. */
import type { Disk } from '@tallystick/journal'

import { FilterFilling } from './filter-filling.ts'
import type { Filter } from './filter.ts'
import { ENTRY_WORDS } from './limits.ts'
import type { RunPlace } from './manifest.ts'
import { newestWins } from './merge.ts'
import { compareKeys, type Rows } from './rows.ts'
import { RunWriter } from './run-writer.ts'
import { type SortedRows, sortRows } from './sort-rows.ts'

/** Where runs are written, and of which journal they are. */
export interface RunHome {
  readonly disk: Disk
  readonly directory: string
  readonly journalId: Uint8Array
}

export interface RunTarget {
  readonly place: Omit<RunPlace, 'entries' | 'blocks' | 'filtered'>
  /** Gets every key; undefined: the run does without. */
  readonly filter: Filter | undefined
}

/** @param rows in order of sequence. @throws what the disk throws; then no file stays. */
export function writeRun(home: RunHome, rows: Rows, { place, filter }: RunTarget): RunPlace {
  if (rows.count === 0) return { ...place, entries: 0, blocks: 0, filtered: true }
  const { family, from, through } = place
  const { disk, directory, journalId } = home
  const sorted = sortRows(rows)
  const writer = new RunWriter(disk, directory, { family, journalId, from, through })
  try {
    const filling = filter && new FilterFilling(filter, rows.count)
    const { words, order } = sorted
    if (order === undefined) addSorted({ writer, filling }, words, rows.count)
    else addChosen({ writer, filling }, { words, order, newest: newestWins(family) })
    filling?.flush()
    const header = writer.finish()
    return {
      ...place,
      entries: header.entries,
      blocks: header.blocks,
      filtered: filter !== undefined,
    }
  } catch (error) {
    writer.abandon()
    throw error
  }
}

interface Into {
  readonly writer: RunWriter
  readonly filling: FilterFilling | undefined
}

function addSorted({ writer, filling }: Into, words: Uint32Array, count: number): void {
  writer.addSorted(words, count)
  if (filling === undefined) return
  for (let i = 0; i < count; i++) filling.add(words, i * ENTRY_WORDS)
}

interface Choice extends SortedRows {
  readonly order: Uint32Array
  /** Of rows with one key the last in order of sequence stands for all; otherwise the first. */
  readonly newest: boolean
}

function addChosen({ writer, filling }: Into, { words, order, newest }: Choice): void {
  const step = newest ? 1 : -1
  for (let i = 0; i < order.length; i++) {
    const at = (order[i] ?? 0) * ENTRY_WORDS
    const other = order[i + step]
    if (other !== undefined && compareKeys(words, other * ENTRY_WORDS, words, at) === 0) continue
    writer.add(words, at)
    filling?.add(words, at)
  }
}
