/** Arithmetic on an account's four totals. */
import type { RecordCursor } from '@tallystick/ledger'

import type { Balances } from './queries.ts'

export type Direction = 'debit' | 'credit'

/** What an entry changed, on its account's side of the record. Minor units. */
export interface Change {
  readonly direction: Direction
  /** Never negative. */
  readonly posted: bigint
  /** Negative when a hold ends. */
  readonly pending: bigint
}

export const NO_BALANCES: Balances = {
  debitsPending: 0n,
  debitsPosted: 0n,
  creditsPending: 0n,
  creditsPosted: 0n,
}

export function plus(a: Balances, b: Balances): Balances {
  return {
    debitsPending: a.debitsPending + b.debitsPending,
    debitsPosted: a.debitsPosted + b.debitsPosted,
    creditsPending: a.creditsPending + b.creditsPending,
    creditsPosted: a.creditsPosted + b.creditsPosted,
  }
}

export function minus(a: Balances, b: Balances): Balances {
  return {
    debitsPending: a.debitsPending - b.debitsPending,
    debitsPosted: a.debitsPosted - b.debitsPosted,
    creditsPending: a.creditsPending - b.creditsPending,
    creditsPosted: a.creditsPosted - b.creditsPosted,
  }
}

/** The change as totals: they may be negative. */
export function totalsOf({ direction, posted, pending }: Change): Balances {
  return direction === 'debit'
    ? { ...NO_BALANCES, debitsPending: pending, debitsPosted: posted }
    : { ...NO_BALANCES, creditsPending: pending, creditsPosted: posted }
}

/** The balances that a record shows for one of its sides. */
export function balancesAfter(record: RecordCursor, direction: Direction): Balances {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = record.side(direction)
  return { debitsPending, debitsPosted, creditsPending, creditsPosted }
}
