/** What is wrong with the accounts of a transfer: missing, of another asset, dated into closed books, closed. */
import { AccountFlags, type CreateTransfer, TransferStatus as Status } from '@tallystick/ledger'
import { upward } from './ancestors.ts'
import type { Objection } from './outcome.ts'
import type { Event, State } from './state.ts'
import { isVoid } from './transfer-flags.ts'

export function checkAccounts(state: State, asked: CreateTransfer): Objection {
  const debit = state.accounts.get(asked.debitAccountId)
  const credit = state.accounts.get(asked.creditAccountId)
  if (debit === undefined) return Status.debitAccountNotFound
  if (credit === undefined) return Status.creditAccountNotFound
  if (debit.asset !== credit.asset) return Status.accountsMustHaveTheSameAsset
  if (asked.asset !== debit.asset) return Status.transferMustHaveTheSameAssetAsAccounts
  return undefined
}

export function checkPeriod(state: State, asked: CreateTransfer, event: Event): Objection {
  const effective = asked.effectiveAt === 0n ? event.timestamp : asked.effectiveAt
  const accounts = [...upward(state, asked.debitAccountId), ...upward(state, asked.creditAccountId)]
  const closed = [
    state.booksOfAssets.get(asked.asset) ?? 0n,
    ...accounts.map(({ id }) => state.booksOfSubtrees.get(id) ?? 0n),
  ]
  return closed.some((until) => effective <= until) ? Status.effectiveAtInClosedPeriod : undefined
}

export function checkOpen(state: State, asked: CreateTransfer): Objection {
  if (isVoid(asked)) return undefined
  if (isClosed(state, asked.debitAccountId)) return Status.debitAccountAlreadyClosed
  if (isClosed(state, asked.creditAccountId)) return Status.creditAccountAlreadyClosed
  return undefined
}

const isClosed = (state: State, id: bigint): boolean =>
  (state.accountOf(id).flags & AccountFlags.closed) !== 0
