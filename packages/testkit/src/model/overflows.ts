/** Totals that would not fit into 128 bits, and deadlines that would not fit into 64. */
import {
  type CreateTransfer,
  NANOSECONDS_PER_SECOND,
  TransferStatus as Status,
  U128_MAX,
  U64_MAX,
} from '@tallystick/ledger'
import type { Balances } from '@tallystick/scenario'
import { crossed } from './ancestors.ts'
import type { Objection } from './outcome.ts'
import type { Event, State } from './state.ts'
import { isPending } from './transfer-flags.ts'
import { type Side, used } from './use.ts'

export const deadlineOf = (asked: CreateTransfer, event: Event): bigint =>
  asked.timeout === 0 ? 0n : event.timestamp + BigInt(asked.timeout) * NANOSECONDS_PER_SECOND

const overflows = (total: bigint): boolean => total > U128_MAX

export function checkOverflows(
  state: State,
  asked: CreateTransfer,
  amount: bigint,
  event: Event,
): Objection {
  const debit = state.accountOf(asked.debitAccountId).own
  const credit = state.accountOf(asked.creditAccountId).own
  const held = isPending(asked) ? amount : 0n
  const posted = isPending(asked) ? 0n : amount
  if (overflows(debit.debitsPending + held)) return Status.overflowsDebitsPending
  if (overflows(credit.creditsPending + held)) return Status.overflowsCreditsPending
  if (overflows(debit.debitsPosted + posted)) return Status.overflowsDebitsPosted
  if (overflows(credit.creditsPosted + posted)) return Status.overflowsCreditsPosted
  if (overflows(used(debit, 'debit') + amount)) return Status.overflowsDebits
  if (overflows(used(credit, 'credit') + amount)) return Status.overflowsCredits
  if (deadlineOf(asked, event) > U64_MAX) return Status.overflowsTimeout
  if (overflowsSubtree(state, asked, amount)) return Status.overflowsSubtree
  return undefined
}

/** Pending + posted of a side overflows before, or together with, any of its two totals alone. */
function overflowsSubtree(state: State, asked: CreateTransfer, amount: bigint): boolean {
  const { debitAccountId: debit, creditAccountId: credit } = asked
  const beyond = (totals: Balances | undefined, side: Side): boolean =>
    totals !== undefined && overflows(used(totals, side) + amount)
  return (
    crossed(state, debit, credit).some(({ subtree }) => beyond(subtree, 'debit')) ||
    crossed(state, credit, debit).some(({ subtree }) => beyond(subtree, 'credit'))
  )
}
