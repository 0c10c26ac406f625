/** The history of an account found the slow way, by looking at every record: what the walks must agree with. */
import { AccountFlags, LimitField, Memory, Operation, RecordCursor } from '@tallystick/ledger'

import { NO_BALANCES, plus } from './balances.ts'
import type { PlayedBook } from './played-book.ts'
import type { Balances, EntryQuery, PastBalance, TimeOrder } from './queries.ts'

export interface NaiveEntry {
  readonly number: number
  readonly sequence: number
  readonly timestamp: bigint
  readonly effectiveAt: bigint
  readonly direction: 'debit' | 'credit'
  readonly code: number
  readonly transferId: bigint
  /** By which the balances changed. */
  readonly delta: Balances
  /** In ledger order; replaced in a list by value date. */
  readonly balances: Balances
}

/** All entries of an account in ledger order. */
export function naiveEntries(book: PlayedBook, slot: number): readonly NaiveEntry[] {
  const record = new RecordCursor(Memory.allocate(8))
  const found: NaiveEntry[] = []
  let before = NO_BALANCES
  for (let sequence = 1; sequence <= book.lastSequence; sequence++) {
    book.read(sequence, record)
    if (!record.moved || (record.debitSlot !== slot && record.creditSlot !== slot)) continue
    const direction = record.debitSlot === slot ? 'debit' : 'credit'
    const { debitsPending, debitsPosted, creditsPending, creditsPosted } = record.side(direction)
    const balances = { debitsPending, debitsPosted, creditsPending, creditsPosted }
    found.push({
      ...{ number: found.length + 1, sequence, direction, code: record.code, balances },
      ...{ timestamp: record.timestamp, effectiveAt: record.effectiveAt, transferId: record.id },
      delta: difference(balances, before),
    })
    before = balances
  }
  return found
}

function difference(after: Balances, before: Balances): Balances {
  return {
    debitsPending: after.debitsPending - before.debitsPending,
    debitsPosted: after.debitsPosted - before.debitsPosted,
    creditsPending: after.creditsPending - before.creditsPending,
    creditsPosted: after.creditsPosted - before.creditsPosted,
  }
}

/** Entries in an order, with the balances as they run in it. */
function naiveOrder(entries: readonly NaiveEntry[], by: TimeOrder): readonly NaiveEntry[] {
  if (by === 'ledger') return entries
  const sorted = [...entries].sort((a, b) => {
    if (a.effectiveAt !== b.effectiveAt) return a.effectiveAt < b.effectiveAt ? -1 : 1
    return a.sequence - b.sequence
  })
  let balances = NO_BALANCES
  return sorted.map((entry) => {
    balances = plus(balances, entry.delta)
    return { ...entry, balances }
  })
}

const timeOf = (entry: NaiveEntry, by: TimeOrder): bigint =>
  by === 'ledger' ? entry.timestamp : entry.effectiveAt

/** The whole list that a query's pages make up. */
export function naiveList(
  book: PlayedBook,
  slot: number,
  query: EntryQuery,
): readonly NaiveEntry[] {
  const { by, from, to, direction, code, kind, newestFirst } = query
  const list = naiveOrder(naiveEntries(book, slot), by).filter((entry) => {
    if (from !== undefined && timeOf(entry, by) < from) return false
    if (to !== undefined && timeOf(entry, by) >= to) return false
    if (direction !== undefined && entry.direction !== direction) return false
    if (code !== undefined && entry.code !== code) return false
    return kind === 'all' || entry.delta.debitsPosted > 0n || entry.delta.creditsPosted > 0n
  })
  return newestFirst ? list.toReversed() : list
}

export function naiveBalance(
  book: PlayedBook,
  slot: number,
  { at, by }: { at: bigint; by: TimeOrder },
): PastBalance {
  const counted = naiveOrder(naiveEntries(book, slot), by).filter(
    (entry) => timeOf(entry, by) <= at,
  )
  const balances = counted.at(-1)?.balances ?? NO_BALANCES
  const { flags, timestamp } = book.account(slot)
  const existed = at >= timestamp
  const limit = by === 'ledger' && existed ? naiveLimit(book, slot, at) : undefined
  return {
    balances,
    limit,
    available: limit === undefined ? undefined : naiveAvailable(flags, balances, limit),
    entryCount: counted.length,
    newestSequence: by === 'ledger' ? (counted.at(-1)?.sequence ?? 0) : 0,
    existed,
  }
}

/** The limit of a moment: that of the opening, then each change. */
function naiveLimit(book: PlayedBook, slot: number, at: bigint): bigint {
  const record = new RecordCursor(Memory.allocate(8))
  let limit = 0n
  for (let sequence = 1; sequence <= book.lastSequence; sequence++) {
    book.read(sequence, record)
    if (record.timestamp > at) break
    if (record.status !== 0) continue
    if (record.kind === Operation.createAccount && record.slot === slot) limit = record.u128(48)
    const given = record.kind === Operation.changeLimit && (record.form & 1) !== 0
    if (given && record.slot === slot) limit = record.u128(LimitField.limit)
  }
  return limit
}

function naiveAvailable(flags: number, balances: Balances, limit: bigint): bigint | undefined {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
  const debits = debitsPending + debitsPosted
  const credits = creditsPending + creditsPosted
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) {
    return max0(creditsPosted + limit - debits)
  }
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) {
    return max0(debitsPosted + limit - credits)
  }
  return undefined
}

function max0(value: bigint): bigint {
  return value > 0n ? value : 0n
}
