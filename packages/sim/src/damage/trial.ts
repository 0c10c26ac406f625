/** One damage, and what becomes of it: it is named, or it changes nothing that anybody is shown. Anything else is a violation. */
import {
  EngineError,
  JournalCorrupt,
  JournalRefused,
  type TallyLedger,
  verifyLedger,
} from '@tallystick/engine'
import type { MemoryDisk } from '@tallystick/journal'

import { Violation } from '../violation.ts'
import { FailingCalls } from './failing-calls.ts'
import { type DamagedBook, DATA, type Names, open, portraitOf } from './damaged-book.ts'

/**
 * `refused`: the ledger does not start. `not served`: it starts, and what is damaged is not shown. `mended`: it starts, notices, makes the
 * file again and shows everything. `verified`: it shows everything, and `verify` names the damage. `harmless`: nothing depends on what was changed.
 */
export type Fate = 'refused' | 'not served' | 'mended' | 'verified' | 'harmless'
export const FATES: readonly Fate[] = ['refused', 'not served', 'mended', 'verified', 'harmless']

/** A file is made again within so many tries. */
const TRIES_MAX = 50

/** @throws Violation when something false is shown, or is shown without `verify` knowing. */
export async function fateOf(disk: MemoryDisk, book: DamagedBook): Promise<Fate> {
  const report = await verifyLedger({ directory: DATA, disk: disk.clone() })
  const shown = await shownBy(disk, book)
  if (shown.kind === 'shown' && shown.portrait !== book.truth) {
    throw new Violation('nothing false is shown', {
      expected: 'what was there before the damage, or that it cannot be shown',
      seen: firstDifference(book.truth, shown.portrait),
    })
  }
  if (shown.kind === 'shown') {
    if (shown.tries > 1) return 'mended'
    return report.sound ? 'harmless' : 'verified'
  }
  if (report.sound) {
    throw new Violation('verify names what keeps the ledger from being shown', {
      expected: `a problem like: ${shown.why}`,
      seen: 'a sound report',
    })
  }
  return shown.kind
}

type Shown =
  | { readonly kind: 'shown'; readonly portrait: string; readonly tries: number }
  | { readonly kind: 'refused' | 'not served'; readonly why: string }

async function shownBy(disk: MemoryDisk, { names }: DamagedBook): Promise<Shown> {
  let ledger
  try {
    ledger = await open(disk)
  } catch (error) {
    if (!(error instanceof JournalCorrupt || error instanceof JournalRefused)) throw error
    return { kind: 'refused', why: error.message }
  }
  try {
    for (let tries = 1; ; tries++) {
      const portrait = look(ledger, names, tries === TRIES_MAX)
      if (portrait !== undefined) return { kind: 'shown', portrait, tries }
      await new Promise((resolve) => void setImmediate(resolve))
    }
  } catch (error) {
    const isNamed = error instanceof EngineError && error.code === 'corrupt'
    if (!isNamed && !(error instanceof JournalCorrupt)) throw error
    return { kind: 'not served', why: error.message }
  } finally {
    await ledger.close()
  }
}

/** undefined: an index is being made again, and this is not the last try. */
function look(ledger: TallyLedger, names: Names, isLast: boolean): string | undefined {
  try {
    return portraitOf(ledger, names)
  } catch (error) {
    if (error instanceof EngineError && error.code === 'overloaded' && !isLast) return undefined
    throw error
  }
}

function firstDifference(expected: string, seen: string): string {
  const lines = expected.split('\n')
  const others = seen.split('\n')
  const at = lines.findIndex((line, index) => line !== others[index])
  return `line ${at}: ${others[at] ?? 'nothing'}, not ${lines[at] ?? 'nothing'}`
}

/** What a reader got from a disk of which read `failAt` failed with EIO: `reads` counts them when none does. */
export interface FailedRead {
  readonly fate: 'whole' | 'told'
  readonly reads: number
}

/**
 * One read fails, once, while the ledger starts or is looked at. Nobody is shown anything false: the failure is told, or what was read is made up
 * for by another file. Afterwards the disk is as it was. @throws Violation
 */
export async function failRead(book: DamagedBook, failAt: number): Promise<FailedRead> {
  const disk = book.disk.clone()
  const failing = new FailingCalls(disk, { call: 'read', failAt })
  let portrait: string | undefined
  try {
    const ledger = await open(failing)
    try {
      portrait = portraitOf(ledger, book.names)
    } finally {
      await ledger.close()
    }
  } catch (error) {
    if (failAt === 0) throw error
  }
  if (portrait !== undefined && portrait !== book.truth) {
    const seen = firstDifference(book.truth, portrait)
    throw new Violation('a failed read shows nothing false', { expected: 'the truth', seen })
  }
  const after = await fateOf(disk, book)
  if (after !== 'harmless') {
    throw new Violation('a failed read harms nothing', { expected: 'a sound ledger', seen: after })
  }
  return { fate: portrait === undefined ? 'told' : 'whole', reads: failing.calls }
}
