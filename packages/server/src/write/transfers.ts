/** Transfers, increments and decrements, reversals: bodies to commands. */
import {
  type ChangeBalance,
  type CreateTransfer,
  type ReverseTransfer,
  parseId,
} from '@tallystick/contract'
import { type Command, Operation, TransferFlags } from '@tallystick/engine'

import { notFound, refuse } from '../http/refused.ts'
import { TRANSFER_FIELDS } from '../render/refusal.ts'
import { transferAnswer } from '../render/transfer-answer.ts'
import type { SavedBody } from '../saved-body.ts'
import { amountOf, effectiveOf, metadataOf, nameOf } from './fields.ts'
import { Openings } from './openings.ts'
import { type Asking, chain, type Plan, type Planning, type WriteOperation } from './plan.ts'

/** What a movement or a hold asks, whatever its route calls it. */
export interface Movement extends CreateTransfer {
  readonly timeout?: number
  /** Besides balancing. */
  readonly flags?: number
  /** Which side `mode: up_to` asks. */
  readonly balancing?: 'debit' | 'credit'
}

const NOTHING_SAVED: SavedBody = {}

/** Commands of one part of a request, and what is kept of it. */
export interface Part {
  readonly commands: readonly Command[]
  readonly saved: SavedBody
  readonly keys: Plan['keys']
}

/** One movement's command. Accounts that it opens are left in `openings`. */
// oxlint-disable-next-line max-params -- called for every command of a batch: no object per call
export function movementPart(
  planning: Planning,
  asking: Asking,
  openings: Openings,
  movement: Movement,
  kind: 'transfer' | 'hold',
): Part {
  const { mode, open_missing: openMissing = false, balancing = 'debit' } = movement
  const assetText = movement.asset
  const asset = planning.assets.number(assetText, 'asset')
  const amount = amountOf(movement.amount, 'amount', mode === 'up_to' ? 'allowed' : 'refused')
  const { id, reference, keys } = nameOf(movement, kind, asking)
  const wanted = { assetText, asset, openMissing }
  const debit = openings.account(movement.debit_account, wanted)
  const credit = openings.account(movement.credit_account, wanted)
  let flags = movement.flags ?? 0
  if (mode === 'up_to') {
    flags |= balancing === 'debit' ? TransferFlags.balancingDebit : TransferFlags.balancingCredit
  }
  const command: Command = {
    operation: Operation.createTransfer,
    id,
    debitAccountId: debit.id,
    creditAccountId: credit.id,
    amount,
    pendingId: 0n,
    timeout: movement.timeout ?? 0,
    asset,
    code: movement.code ?? 1,
    flags,
    effectiveAt: effectiveOf(movement.effective_at, 'effective_at'),
    metadata: metadataOf(movement.metadata, 'metadata', planning),
  }
  if (reference === undefined && debit.isMissing !== true && credit.isMissing !== true) {
    return { commands: [command], saved: NOTHING_SAVED, keys }
  }
  const saved: SavedBody = {
    ...(reference === undefined ? undefined : { reference }),
    ...(debit.isMissing === true ? { debit_account: debit.address } : undefined),
    ...(credit.isMissing === true ? { credit_account: credit.address } : undefined),
  }
  return { commands: [command], saved, keys }
}

/** One movement with the accounts that it opens, all or nothing. */
export function movementPlan(
  planning: Planning,
  asking: Asking,
  movement: Movement,
  kind: 'transfer' | 'hold' = 'transfer',
): Plan {
  const openings = new Openings(planning)
  const part = movementPart(planning, asking, openings, movement, kind)
  const opened = openings.commands.length
  if (opened === 0)
    return { commands: part.commands, body: part.saved, touches: [], keys: part.keys }
  return {
    commands: chain([...openings.commands, ...part.commands]),
    body: { ...part.saved, opened },
    touches: openings.ids,
    keys: part.keys,
  }
}

export const createTransfer: WriteOperation = {
  plan: (planning, asking, { body }) => movementPlan(planning, asking, body as CreateTransfer),
  render: transferAnswer(TRANSFER_FIELDS),
}

export const increment = changeOfBalance('credit')
export const decrement = changeOfBalance('debit')

function changeOfBalance(side: 'debit' | 'credit'): WriteOperation {
  const [debit, credit] =
    side === 'debit' ? ['address', 'counterparty'] : ['counterparty', 'address']
  return {
    plan: (planning, asking, { params, body }) => {
      const { address } = params as { address: string }
      const { counterparty = 'world', asset, ...rest } = body as ChangeBalance
      const account = planning.accounts.find(address)
      if (account === undefined && rest.open_missing !== true) return notFound('account', 'address')
      const assetText = asset ?? account?.assetText
      if (assetText === undefined) {
        return refuse('missing_field', 'asset', 'asset is needed to open the account.')
      }
      const own = side === 'debit' ? 'debit_account' : 'credit_account'
      const other = side === 'debit' ? 'credit_account' : 'debit_account'
      const sides = { [own]: address, [other]: counterparty } as Pick<
        CreateTransfer,
        'debit_account' | 'credit_account'
      >
      return movementPlan(planning, asking, {
        ...{ ...rest, ...sides, asset: assetText, balancing: side },
      })
    },
    render: transferAnswer({ ...TRANSFER_FIELDS, debit, credit }),
  }
}

/** A reversal of what is left of a transfer, or of a part. */
export function reversalPart(
  planning: Planning,
  asking: Asking,
  { of, body }: { of: bigint; body: ReverseTransfer },
): Part {
  const transfer = planning.reader.transfer(of)
  if (transfer === undefined) return notFound('transfer', 'id')
  const { id, reference, keys } = nameOf(body, 'transfer', asking)
  const left = transfer.amount - transfer.reversed
  const command: Command = {
    operation: Operation.createTransfer,
    id,
    debitAccountId: transfer.creditAccountId,
    creditAccountId: transfer.debitAccountId,
    // When nothing is left the ledger has to say so, and remember that it did.
    amount:
      body.amount === undefined
        ? left > 0n
          ? left
          : transfer.amount
        : amountOf(body.amount, 'amount', 'refused'),
    pendingId: of,
    timeout: 0,
    asset: transfer.asset,
    code: body.code ?? transfer.code,
    flags: TransferFlags.reversal,
    effectiveAt: effectiveOf(body.effective_at, 'effective_at'),
    metadata: metadataOf(body.metadata, 'metadata', planning),
  }
  return { commands: [command], saved: reference === undefined ? {} : { reference }, keys }
}

export const reverseTransfer: WriteOperation = {
  plan: (planning, asking, { params, body }) => {
    const of = parseId((params as { id: string }).id) ?? 0n
    const asked = (body ?? {}) as ReverseTransfer
    const part = reversalPart(planning, asking, { of, body: asked })
    return { commands: part.commands, body: part.saved, touches: [], keys: part.keys }
  },
  render: transferAnswer({ ...TRANSFER_FIELDS, name: 'reference' }),
}
