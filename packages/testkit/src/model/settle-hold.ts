/** Posts and voids: they look at their hold first, then at what they inherit from it. */
import { type CreateTransfer, TransferStatus as Status, U128_MAX } from '@tallystick/ledger'
import { assert } from '@tallystick/money'
import { reopenAfter } from './closing.ts'
import { move } from './move.ts'
import { type Objection, type Outcome, outcome } from './outcome.ts'
import { record } from './record-transfer.ts'
import type { Event, Hold, State, Transfer } from './state.ts'
import { checkOpen, checkPeriod } from './transfer-accounts.ts'
import { isPartial, isPost, isVoid } from './transfer-flags.ts'
import { inherit } from './transfer-identity.ts'

// Overflows cannot happen here: pending + posted of a side fitted when the hold was made, and a post moves
// from one to the other.
export function settleHold(state: State, asked: CreateTransfer, event: Event): Outcome {
  const meant = inherit(state, asked)
  const objection =
    checkHold(state, asked, event) ?? checkPeriod(state, meant, event) ?? checkOpen(state, meant)
  if (objection !== undefined) return outcome(objection)
  const amount = isPost(asked) ? post(state, meant, event) : voidHold(state, meant, event)
  return outcome(Status.created, amount)
}

function checkHold(state: State, asked: CreateTransfer, event: Event): Objection {
  const held = state.transfers.get(asked.pendingId)
  if (held === undefined) return Status.pendingTransferNotFound
  const hold = state.holds.get(asked.pendingId)
  if (hold === undefined) return Status.pendingTransferNotPending
  return checkFields(asked, held) ?? checkAmount(asked, hold) ?? checkStillOpen(hold, event)
}

function checkFields(asked: CreateTransfer, held: Transfer): Objection {
  const { debitAccountId: debit, creditAccountId: credit, asset, code } = asked
  if (debit !== 0n && debit !== held.debit) return Status.pendingTransferHasDifferentDebitAccountId
  if (credit !== 0n && credit !== held.credit)
    return Status.pendingTransferHasDifferentCreditAccountId
  if (asset !== 0 && asset !== held.asset) return Status.pendingTransferHasDifferentAsset
  if (code !== 0 && code !== held.code) return Status.pendingTransferHasDifferentCode
  return undefined
}

function checkAmount(asked: CreateTransfer, hold: Hold): Objection {
  const bound = hold.status === 'pending' ? hold.remaining : hold.amount
  const all = isPost(asked) ? asked.amount === U128_MAX : asked.amount === 0n
  if (all) return undefined
  if (asked.amount > bound) return Status.exceedsPendingTransferAmount
  if (isVoid(asked) && asked.amount < bound) return Status.pendingTransferHasDifferentAmount
  return undefined
}

function checkStillOpen(hold: Hold, event: Event): Objection {
  if (hold.status === 'captured') return Status.pendingTransferAlreadyPosted
  if (hold.status === 'voided') return Status.pendingTransferAlreadyVoided
  if (hold.status === 'expired') return Status.pendingTransferExpired
  if (hold.deadline !== 0n && event.timestamp >= hold.deadline) return Status.pendingTransferExpired
  return undefined
}

function post(state: State, meant: CreateTransfer, event: Event): bigint {
  const hold = holdOf(state, meant)
  const amount = meant.amount === U128_MAX ? hold.remaining : meant.amount
  const released = isPartial(meant) ? amount : hold.remaining
  const remaining = hold.remaining - released
  state.transfers.set(meant.id, record(meant, amount, amount === hold.remaining))
  state.holds.set(hold.id, {
    ...hold,
    captured: hold.captured + amount,
    remaining,
    // A partial post that leaves nothing resolves the hold; a whole one always does.
    status: isPartial(meant) && remaining > 0n ? 'pending' : 'captured',
  })
  move(state, event, {
    debit: meant.debitAccountId,
    credit: meant.creditAccountId,
    pending: -released,
    posted: amount,
  })
  return amount
}

function voidHold(state: State, meant: CreateTransfer, event: Event): bigint {
  const hold = holdOf(state, meant)
  state.transfers.set(meant.id, record(meant, hold.remaining))
  release(state, hold, 'voided', event)
  return hold.remaining
}

/** Gives back what remains and opens what the hold had closed: for voids and for expiries. */
export function release(
  state: State,
  hold: Hold,
  status: 'voided' | 'expired',
  event: Event,
): void {
  const held = state.transfers.get(hold.id)
  assert(held !== undefined, 'a hold without its transfer')
  state.holds.set(hold.id, { ...hold, remaining: 0n, status })
  const { debit, credit } = held
  move(state, event, { debit, credit, pending: -hold.remaining, posted: 0n })
  reopenAfter(state, held)
}

function holdOf(state: State, meant: CreateTransfer): Hold {
  const hold = state.holds.get(meant.pendingId)
  assert(hold !== undefined, 'a checked hold is missing')
  return hold
}
