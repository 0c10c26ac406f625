/** Holds, captures and voids: bodies to commands. */
import { type CaptureHold, type CreateHold, parseId, type VoidHold } from '@tallystick/contract'
import { type Command, Operation, TransferFlags } from '@tallystick/engine'
import { U128_MAX } from '@tallystick/money'

import { unnamedCaptureId } from '../http/ids.ts'
import { notFound, refuse } from '../http/refused.ts'
import { holdAnswer, resolvedHoldAnswer } from '../render/hold-answer.ts'
import { amountOf, effectiveOf, metadataOf, type Name, type Named, nameOf } from './fields.ts'
import type { Asked, Asking, Plan, Planning, WriteOperation } from './plan.ts'
import { type Movement, movementPlan, type Part } from './transfers.ts'

/** A hold as a movement with its flags. */
export function holdMovement(body: CreateHold): Movement {
  const { timeout_seconds: timeout, close_debit_account, close_credit_account, ...rest } = body
  let flags: number = TransferFlags.pending
  if (close_debit_account === true) flags |= TransferFlags.closingDebit
  if (close_credit_account === true) flags |= TransferFlags.closingCredit
  return { ...rest, flags, timeout: timeout ?? 0 }
}

export const createHold: WriteOperation = {
  plan: (planning, asking, { body }) =>
    movementPlan(planning, asking, holdMovement(body as CreateHold), 'hold'),
  render: holdAnswer,
}

export interface Resolving {
  readonly hold: bigint
  readonly body: CaptureHold
  readonly kind: 'capture' | 'void'
}

export function resolvingPart(planning: Planning, asking: Asking, resolving: Resolving): Part {
  const { hold, body, kind } = resolving
  const isPartial = kind === 'capture' && body.final === false
  const isUnnamed = isPartial && !asking.hasIdempotencyKey && !isNamed(body)
  const amount = kind === 'void' ? 0n : captureAmount(body.amount, 'amount')
  const { id, reference, keys } = isUnnamed
    ? unnamedCapture(planning, hold, { amount, param: 'final' })
    : nameOf(body, 'transfer', asking)
  const command: Command = {
    operation: Operation.createTransfer,
    id,
    ...{ debitAccountId: 0n, creditAccountId: 0n, asset: 0, code: 0, timeout: 0 },
    amount,
    pendingId: hold,
    flags:
      kind === 'void'
        ? TransferFlags.voidPendingTransfer
        : TransferFlags.postPendingTransfer | (isPartial ? TransferFlags.partial : 0),
    effectiveAt: effectiveOf(body.effective_at, 'effective_at'),
    metadata: metadataOf(body.metadata, 'metadata', planning),
  }
  return { commands: [command], saved: reference === undefined ? {} : { reference }, keys }
}

/**
 * A capture that keeps the rest could take twice when it is repeated. Without a name of its own it gets one that the hold gives only
 * once: the same again is the same capture, and another one needs a name.
 */
function unnamedCapture(
  { reader }: Planning,
  hold: bigint,
  { amount, param }: { amount: bigint; param: string },
): Name {
  const id = unnamedCaptureId(hold)
  const earlier = reader.transfer(id)
  if (earlier !== undefined && earlier.requested !== amount) {
    const detail = 'A second capture that keeps the rest needs a name, or it could take twice.'
    return refuse('idempotency_key_required', param, detail)
  }
  return { id, reference: undefined, keys: [] }
}

function isNamed({ id, reference }: Named): boolean {
  return id !== undefined || reference !== undefined
}

function captureAmount(text: string | undefined, param: string): bigint {
  // The ledger reads the largest number as "all that remains".
  if (text === undefined) return U128_MAX
  const amount = amountOf(text, param, 'allowed')
  if (amount === U128_MAX) {
    return refuse('amount_too_large', param, `Leave ${param} out to capture all that remains.`)
  }
  return amount
}

function resolvingPlan(
  kind: Resolving['kind'],
): (planning: Planning, asking: Asking, asked: Asked) => Plan {
  return (planning, asking, { params, body }) => {
    const hold = parseId((params as { id: string }).id) ?? 0n
    if (!isHold(planning, hold)) return notFound('hold', 'id')
    const asked = (body ?? {}) as CaptureHold & VoidHold
    const part = resolvingPart(planning, asking, { hold, body: asked, kind })
    return { commands: part.commands, body: part.saved, touches: [], keys: part.keys }
  }
}

function isHold({ reader }: Planning, id: bigint): boolean {
  return ((reader.transfer(id)?.flags ?? 0) & TransferFlags.pending) !== 0
}

export const captureHold: WriteOperation = {
  plan: resolvingPlan('capture'),
  render: resolvedHoldAnswer,
}
export const voidHold: WriteOperation = { plan: resolvingPlan('void'), render: resolvedHoldAnswer }
