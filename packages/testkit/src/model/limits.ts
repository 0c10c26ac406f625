/** Limits of accounts and subtrees, and the numbers that a refusal names. */
import { type CreateTransfer, TransferStatus as Status } from '@tallystick/ledger'
import type { Balances } from '@tallystick/scenario'
import { crossed } from './ancestors.ts'
import { type Outcome, outcome } from './outcome.ts'
import type { Account, State } from './state.ts'
import { boundsSubtree, headroom, limitsSide, type Side } from './use.ts'

export function checkLimits(
  state: State,
  asked: CreateTransfer,
  amount: bigint,
): Outcome | undefined {
  // Nothing moved increases no use, however far beyond its limit the account already is.
  if (amount === 0n) return undefined
  const { debitAccountId: debit, creditAccountId: credit } = asked
  return (
    checkOwn(state.accountOf(debit), 'debit', amount) ??
    checkOwn(state.accountOf(credit), 'credit', amount) ??
    checkSubtrees(crossed(state, debit, credit), 'debit', amount) ??
    checkSubtrees(crossed(state, credit, debit), 'credit', amount)
  )
}

function checkOwn(account: Account, side: Side, amount: bigint): Outcome | undefined {
  if (!limitsSide(account, side)) return undefined
  const available = headroom(account.own, side, account.limit)
  const status = side === 'debit' ? Status.exceedsCredits : Status.exceedsDebits
  return amount > available
    ? outcome(status, 0n, { account: account.id, needed: amount, available, limit: account.limit })
    : undefined
}

function checkSubtrees(
  accounts: readonly Account[],
  side: Side,
  needed: bigint,
): Outcome | undefined {
  for (const account of accounts) {
    if (account.subtree === undefined || !boundsSubtree(account, side)) continue
    const refused = checkSubtree(account, account.subtree, side, needed)
    if (refused !== undefined) return refused
  }
  return undefined
}

function checkSubtree(
  account: Account,
  totals: Balances,
  side: Side,
  needed: bigint,
): Outcome | undefined {
  const limit = account.subtreeLimit
  const available = headroom(totals, side, limit)
  return needed > available
    ? outcome(Status.exceedsSubtreeLimit, 0n, { account: account.id, needed, available, limit })
    : undefined
}
