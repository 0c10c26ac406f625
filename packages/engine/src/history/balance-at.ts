/** Balances at a past moment, by ledger time and by value date, in O(log n) records. */
import { AccountFlags } from '@tallystick/ledger'

import { balancesAfter, minus, NO_BALANCES, plus } from './balances.ts'
import { Chain, type Place } from './chain.ts'
import type { LateEntries } from './late-entries.ts'
import type { Moment } from './late-log.ts'
import type { LimitChanges } from './limit-changes.ts'
import type { Balances, PastBalance, TimeOrder } from './queries.ts'
import type { HistoryAccount, HistorySource } from './source.ts'

/** All that an account's history is read from. */
export interface Books {
  readonly source: HistorySource
  readonly late: LateEntries
  readonly limits: LimitChanges
}

/** @param at ns, inclusive. @throws TooManyLateEntries by effective time. */
export function balanceAt(
  books: Books,
  slot: number,
  { at, by }: { readonly at: bigint; readonly by: TimeOrder },
): PastBalance {
  const chain = new Chain(books.source, slot)
  const existed = at >= chain.account.timestamp
  if (by === 'effective') {
    const moment = { effectiveAt: at, sequence: Number.POSITIVE_INFINITY }
    const { balances, count } = effectiveBalance(books, chain, moment)
    const shown = { balances, available: undefined, limit: undefined, entryCount: count }
    return { ...shown, newestSequence: 0, existed }
  }
  return ledgerBalance(books, chain, { sequence: books.source.sequenceAt(at), existed })
}

/** The balance right after the event `sequence`, in ledger order, of an account that was open then. */
export function balanceAfter(books: Books, slot: number, sequence: number): PastBalance {
  return ledgerBalance(books, new Chain(books.source, slot), { sequence, existed: true })
}

function ledgerBalance(
  books: Books,
  chain: Chain,
  { sequence, existed }: { readonly sequence: number; readonly existed: boolean },
): PastBalance {
  const { account, slot } = chain
  const newest = chain.newestUpTo(sequence)
  const { balances, entryCount } = standingAt(chain, newest)
  const limit = existed ? books.limits.limitAfter(books.source, slot, sequence) : undefined
  const available = limit === undefined ? undefined : availableOf(account, balances, limit)
  return { balances, available, limit, entryCount, newestSequence: newest, existed }
}

/** After the entry of that sequence; 0 = before the first. */
function standingAt(chain: Chain, newest: number): { balances: Balances; entryCount: number } {
  const { account } = chain
  if (newest === 0) return { balances: NO_BALANCES, entryCount: 0 }
  // The row says it: its record may lie on disk.
  if (newest === account.newestSequence) {
    const { debitsPending, debitsPosted, creditsPending, creditsPosted, entryCount } = account
    const balances = { debitsPending, debitsPosted, creditsPending, creditsPosted }
    return { balances, entryCount: Number(entryCount) }
  }
  chain.load(newest)
  return { balances: balancesAfter(chain.record, chain.direction), entryCount: chain.number }
}

/** What the account's own flag and a limit allow to be taken; undefined: no flag limits it. */
function availableOf(
  { flags }: HistoryAccount,
  balances: Balances,
  limit: bigint,
): bigint | undefined {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances

  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) {
    return left(creditsPosted + limit - debitsPosted - debitsPending)
  }
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) {
    return left(debitsPosted + limit - creditsPosted - creditsPending)
  }
  return undefined
}

export interface EffectiveBalance {
  readonly balances: Balances
  /** Entries that count. */
  readonly count: number
  /** Late ones among them. */
  readonly lateCount: number
  /** The newest entry up to which all entries count, in ledger order; number 0 = none. */
  readonly place: Place
}

/**
 * The balances when entries are put in order of value date (ties by sequence) and those at or before a moment are added up.
 *
 * Along the chain the newest value date so far only grows, so there is a newest entry n up to which *all* entries count. Behind n
 * only late entries can count: those dated at or before the moment, without the late ones among the first n.
 */
export function effectiveBalance(books: Books, chain: Chain, moment: Moment): EffectiveBalance {
  const place = chain.newestBefore(() => {
    const newest = chain.record.effectiveNewest(chain.direction)
    if (newest !== moment.effectiveAt) return newest > moment.effectiveAt
    return chain.record.sequence > moment.sequence
  })
  const atPlace = place.number === 0 ? NO_BALANCES : balancesAfter(chain.record, chain.direction)
  const late = books.late.of(chain.slot)
  if (late === undefined) {
    return { balances: atPlace, count: place.number, lateCount: 0, place }
  }
  const dated = late.upTo(moment)
  const counted = late.arrivedBy(place.number)
  return {
    balances: plus(atPlace, minus(dated.sum, counted.sum)),
    count: place.number + dated.count - counted.count,
    lateCount: dated.count,
    place,
  }
}

function left(free: bigint): bigint {
  return free < 0n ? 0n : free
}
