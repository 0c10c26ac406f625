/** The only place where balances change: both accounts, every subtree whose boundary is crossed, and the entries. */
import { assert } from '@tallystick/money'
import { U128_MAX } from '@tallystick/ledger'
import type { Balances } from '@tallystick/scenario'
import { crossed } from './ancestors.ts'
import { append } from './entries.ts'
import type { Event, State } from './state.ts'

export interface Movement {
  readonly debit: bigint
  readonly credit: bigint
  /** Added to debits pending of one and credits pending of the other; negative for what is released. */
  readonly pending: bigint
  readonly posted: bigint
}

export function move(state: State, event: Event, movement: Movement): void {
  const { debit, credit } = movement
  for (const { id } of crossed(state, debit, credit)) {
    changeSubtree(state, id, (totals) => debited(totals, movement))
  }
  for (const { id } of crossed(state, credit, debit)) {
    changeSubtree(state, id, (totals) => credited(totals, movement))
  }
  enter(state, event, debit, debited(state.accountOf(debit).own, movement))
  enter(state, event, credit, credited(state.accountOf(credit).own, movement))
}

function changeSubtree(state: State, id: bigint, by: (totals: Balances) => Balances): void {
  const { subtree } = state.accountOf(id)
  if (subtree !== undefined) state.change(id, { subtree: sound(by(subtree)) })
}

function enter(state: State, event: Event, id: bigint, own: Balances): void {
  const lastEntry = append(state.accountOf(id).lastEntry, event.sequence, sound(own))
  state.change(id, { own, lastEntry })
}

const debited = (before: Balances, { pending, posted }: Movement): Balances => ({
  ...before,
  debitsPending: before.debitsPending + pending,
  debitsPosted: before.debitsPosted + posted,
})

const credited = (before: Balances, { pending, posted }: Movement): Balances => ({
  ...before,
  creditsPending: before.creditsPending + pending,
  creditsPosted: before.creditsPosted + posted,
})

function sound(balances: Balances): Balances {
  for (const balance of Object.values<bigint>({ ...balances })) {
    assert(balance >= 0n && balance <= U128_MAX, 'a balance left its range')
  }
  return balances
}
