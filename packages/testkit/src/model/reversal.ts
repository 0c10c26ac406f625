/** Reversals: how much of a posted transfer may still be moved back. */
import { type CreateTransfer, TransferStatus as Status } from '@tallystick/ledger'
import { assert } from '@tallystick/money'
import type { Objection } from './outcome.ts'
import type { State } from './state.ts'
import { isPending, isReversal, isVoid } from './transfer-flags.ts'

export function checkReversed(state: State, asked: CreateTransfer): Objection {
  if (!isReversal(asked)) return undefined
  const original = state.transfers.get(asked.pendingId)
  if (original === undefined) return Status.reversedTransferNotFound
  if (isPending(original)) return Status.reversedTransferNotReversible
  if (isVoid(original)) return Status.reversedTransferNotReversible
  if (isReversal(original)) return Status.reversedTransferNotReversible
  if (asked.debitAccountId !== original.credit) return Status.reversedTransferHasDifferentAccounts
  if (asked.creditAccountId !== original.debit) return Status.reversedTransferHasDifferentAccounts
  if (original.reversed + asked.amount > original.amount) return Status.exceedsReversibleAmount
  return undefined
}

export function noteReversal(state: State, asked: CreateTransfer): void {
  if (!isReversal(asked)) return
  const original = state.transfers.get(asked.pendingId)
  assert(original !== undefined, 'a reversed transfer is missing')
  const reversed = original.reversed + asked.amount
  state.transfers.set(original.id, { ...original, reversed })
}
