/** What is wrong with a request by itself, whatever the books say: flags_are_mutually_exclusive … code_must_not_be_zero. */
import { type CreateTransfer, TransferStatus as Status, U128_MAX } from '@tallystick/ledger'
import type { Objection } from './outcome.ts'
import {
  excludeEachOther,
  isClosing,
  isPending,
  isReversal,
  settlesHold,
} from './transfer-flags.ts'

export function checkShape(asked: CreateTransfer): Objection {
  if (excludeEachOther(asked)) return Status.flagsAreMutuallyExclusive
  if (settlesHold(asked)) return checkReference(asked) ?? checkTimeout(asked)
  return checkAccountIds(asked) ?? checkReference(asked) ?? checkTimeout(asked) ?? checkRest(asked)
}

function checkAccountIds(asked: CreateTransfer): Objection {
  const { debitAccountId: debit, creditAccountId: credit } = asked
  if (debit === 0n) return Status.debitAccountIdMustNotBeZero
  if (debit === U128_MAX) return Status.debitAccountIdMustNotBeIntMax
  if (credit === 0n) return Status.creditAccountIdMustNotBeZero
  if (credit === U128_MAX) return Status.creditAccountIdMustNotBeIntMax
  if (debit === credit) return Status.accountsMustBeDifferent
  return undefined
}

function checkReference(asked: CreateTransfer): Objection {
  const refers = settlesHold(asked) || isReversal(asked)
  if (!refers && asked.pendingId !== 0n) return Status.pendingIdMustBeZero
  if (!refers) return undefined
  if (asked.pendingId === 0n) return Status.pendingIdMustNotBeZero
  if (asked.pendingId === U128_MAX) return Status.pendingIdMustNotBeIntMax
  if (asked.pendingId === asked.id) return Status.pendingIdMustBeDifferent
  return undefined
}

function checkTimeout(asked: CreateTransfer): Objection {
  if (!isPending(asked) && asked.timeout !== 0) return Status.timeoutReservedForPendingTransfer
  return undefined
}

function checkRest(asked: CreateTransfer): Objection {
  if (!isPending(asked) && isClosing(asked)) return Status.closingTransferMustBePending
  if (asked.asset === 0) return Status.assetMustNotBeZero
  if (asked.code === 0) return Status.codeMustNotBeZero
  return undefined
}
