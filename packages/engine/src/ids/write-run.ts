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
  readonly place: Omit<RunPlace, 'entries' | 'blocks'>
  /** Gets every key. */
  readonly filter: Filter | undefined
}

/** @param rows in order of sequence. @throws what the disk throws; then no file stays. */
export function writeRun(home: RunHome, rows: Rows, { place, filter }: RunTarget): RunPlace {
  if (rows.count === 0) return { ...place, entries: 0, blocks: 0 }
  const { family, from, through } = place
  const { disk, directory, journalId } = home
  const sorted = sortRows(rows)
  const writer = new RunWriter(disk, directory, { family, journalId, from, through })
  try {
    addRows(writer, { ...sorted, newest: newestWins(family) }, filter)
    const header = writer.finish()
    return { ...place, entries: header.entries, blocks: header.blocks }
  } catch (error) {
    writer.abandon()
    throw error
  }
}

interface Choice extends SortedRows {
  /** Of rows with one key the last in order of sequence stands for all; otherwise the first. */
  readonly newest: boolean
}

function addRows(writer: RunWriter, sorted: Choice, filter: Filter | undefined): void {
  const { words, order, newest } = sorted
  const filling = filter && new FilterFilling(filter, order.length)
  const step = newest ? 1 : -1
  for (let i = 0; i < order.length; i++) {
    const at = (order[i] ?? 0) * ENTRY_WORDS
    const other = order[i + step]
    if (other !== undefined && compareKeys(words, other * ENTRY_WORDS, words, at) === 0) continue
    writer.add(words, at)
    filling?.add(words, at)
  }
  filling?.flush()
}
