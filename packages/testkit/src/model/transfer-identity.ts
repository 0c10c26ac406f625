/** Idempotency: is this id new, recorded already, or burnt? Statuses reserved_flag … id_already_failed. */
import {
  type CreateTransfer,
  TRANSFER_FLAGS_KNOWN,
  TransferStatus as Status,
  U128_MAX,
} from '@tallystick/ledger'
import { sameBytes } from './bytes.ts'
import type { Objection } from './outcome.ts'
import type { State, Transfer } from './state.ts'
import { isBalancing, isPartial, isPost, isVoid, settlesHold } from './transfer-flags.ts'

export function checkIdentity(state: State, asked: CreateTransfer): Objection {
  if ((asked.flags & ~TRANSFER_FLAGS_KNOWN) !== 0) return Status.reservedFlag
  if (asked.id === 0n) return Status.idMustNotBeZero
  if (asked.id === U128_MAX) return Status.idMustNotBeIntMax
  const recorded = state.transfers.get(asked.id)
  if (recorded !== undefined) return checkSame(state, asked, recorded)
  if (state.burnt.has(asked.id)) return Status.idAlreadyFailed
  return undefined
}

function checkSame(state: State, asked: CreateTransfer, recorded: Transfer): Objection {
  if (asked.flags !== recorded.flags) return Status.existsWithDifferentFlags
  if (asked.pendingId !== recorded.pendingId) return Status.existsWithDifferentPendingId
  if (asked.timeout !== recorded.timeout) return Status.existsWithDifferentTimeout
  const meant = inherit(state, asked)
  if (meant.debitAccountId !== recorded.debit) return Status.existsWithDifferentDebitAccountId
  if (meant.creditAccountId !== recorded.credit) return Status.existsWithDifferentCreditAccountId
  if (!sameAmount(asked, recorded)) return Status.existsWithDifferentAmount
  if (!sameBytes(meant.metadata, recorded.metadata)) return Status.existsWithDifferentMetadata
  if (asked.effectiveAt !== recorded.effectiveAt) return Status.existsWithDifferentEffectiveAt
  if (meant.asset !== recorded.asset) return Status.existsWithDifferentAsset
  if (meant.code !== recorded.code) return Status.existsWithDifferentCode
  return Status.exists
}

/** The request with the hold's fields where a post or void left them out. */
export function inherit(state: State, asked: CreateTransfer): CreateTransfer {
  const hold = settlesHold(asked) ? state.transfers.get(asked.pendingId) : undefined
  if (hold === undefined) return asked
  return {
    ...asked,
    debitAccountId: asked.debitAccountId === 0n ? hold.debit : asked.debitAccountId,
    creditAccountId: asked.creditAccountId === 0n ? hold.credit : asked.creditAccountId,
    asset: asked.asset === 0 ? hold.asset : asked.asset,
    code: asked.code === 0 ? hold.code : asked.code,
    metadata: asked.metadata.length === 0 ? hold.metadata : asked.metadata,
  }
}

function sameAmount(asked: CreateTransfer, recorded: Transfer): boolean {
  if (isPartial(asked)) return asked.amount === recorded.requested
  if (isPost(asked) && asked.amount === U128_MAX) return recorded.tookAll
  if (isVoid(asked) && asked.amount === 0n) return true
  if (isBalancing(asked)) return asked.amount >= recorded.amount
  return asked.amount === recorded.amount
}
