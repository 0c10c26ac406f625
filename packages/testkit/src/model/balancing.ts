/** Balancing: the requested amount is an upper bound, cut to what its side allows. */
import type { CreateTransfer } from '@tallystick/ledger'
import { crossed } from './ancestors.ts'
import type { Account, State } from './state.ts'
import { isBalancingCredit, isBalancingDebit } from './transfer-flags.ts'
import { boundsSubtree, headroom, limitsSide, type Side, smaller } from './use.ts'

export function balance(state: State, asked: CreateTransfer): bigint {
  const { debitAccountId: debit, creditAccountId: credit } = asked
  let amount = asked.amount
  if (isBalancingDebit(asked)) {
    amount = smaller(amount, ownRoom(state.accountOf(debit), 'debit'))
    amount = smaller(amount, subtreeRoom(crossed(state, debit, credit), 'debit', amount))
  }
  if (isBalancingCredit(asked)) {
    amount = smaller(amount, ownRoom(state.accountOf(credit), 'credit'))
    amount = smaller(amount, subtreeRoom(crossed(state, credit, debit), 'credit', amount))
  }
  return amount
}

/** Without the flag that limits this side, an account allows what its balance covers. */
function ownRoom(account: Account, side: Side): bigint {
  return headroom(account.own, side, limitsSide(account, side) ? account.limit : 0n)
}

function subtreeRoom(accounts: readonly Account[], side: Side, atMost: bigint): bigint {
  let room = atMost
  for (const account of accounts) {
    if (account.subtree === undefined || !boundsSubtree(account, side)) continue
    room = smaller(room, headroom(account.subtree, side, account.subtreeLimit))
  }
  return room
}
