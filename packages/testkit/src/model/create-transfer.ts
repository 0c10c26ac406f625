/** Transfers: which checks apply, in which order, and what a created one changes. */
import { type CreateTransfer, TransferStatus as Status } from '@tallystick/ledger'
import { balance } from './balancing.ts'
import { closeFor } from './closing.ts'
import { chargeOf, checkCeilings } from './ceilings.ts'
import { checkLimits } from './limits.ts'
import { move } from './move.ts'
import { type Outcome, outcome } from './outcome.ts'
import { checkOverflows, deadlineOf } from './overflows.ts'
import { record } from './record-transfer.ts'
import { checkReversed, noteReversal } from './reversal.ts'
import { settleHold } from './settle-hold.ts'
import type { Event, State, Transfer } from './state.ts'
import { checkAccounts, checkOpen, checkPeriod } from './transfer-accounts.ts'
import { isPending, settlesHold } from './transfer-flags.ts'
import { checkIdentity } from './transfer-identity.ts'
import { checkShape } from './transfer-shape.ts'

export function createTransfer(state: State, asked: CreateTransfer, event: Event): Outcome {
  const objection = checkIdentity(state, asked) ?? checkShape(asked)
  if (objection !== undefined) return outcome(objection)
  return settlesHold(asked) ? settleHold(state, asked, event) : moveOrHold(state, asked, event)
}

function moveOrHold(state: State, asked: CreateTransfer, event: Event): Outcome {
  const early =
    checkAccounts(state, asked) ??
    checkPeriod(state, asked, event) ??
    checkReversed(state, asked) ??
    checkOpen(state, asked)
  if (early !== undefined) return outcome(early)

  const amount = balance(state, asked)
  const overflow = checkOverflows(state, asked, amount, event)
  if (overflow !== undefined) return outcome(overflow)
  const beyond = checkLimits(state, asked, amount)
  if (beyond !== undefined) return beyond
  const charge = chargeOf(state, asked, amount, event)
  const capped = checkCeilings(state, charge)
  if (capped !== undefined) return capped
  if (state.by !== '') state.charged.set(event.sequence, { ...charge, by: state.by })

  const transfer = record(asked, amount)
  const held = isPending(asked)
  state.transfers.set(transfer.id, transfer)
  move(state, event, {
    debit: transfer.debit,
    credit: transfer.credit,
    pending: held ? amount : 0n,
    posted: held ? 0n : amount,
  })
  if (held) openHold(state, asked, transfer, event)
  noteReversal(state, asked)
  return outcome(Status.created, amount)
}

function openHold(state: State, asked: CreateTransfer, transfer: Transfer, event: Event): void {
  state.holds.set(transfer.id, {
    id: transfer.id,
    sequence: event.sequence,
    deadline: deadlineOf(asked, event),
    amount: transfer.amount,
    captured: 0n,
    remaining: transfer.amount,
    status: 'pending',
  })
  closeFor(state, transfer)
}
