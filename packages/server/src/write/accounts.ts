/** Accounts, assets and books: bodies to commands. */
import type { ChangeAccount, CloseBooks, CreateAccount, RegisterAsset } from '@tallystick/contract'
import {
  AccountFlags,
  accountIdOf,
  type AccountView,
  type Command,
  NO_SUBTREE_LIMIT,
  Operation,
} from '@tallystick/engine'
import { REGISTERED_ASSET_NUMBER_MIN } from '@tallystick/money'

import { notFound, refuse, Refused } from '../http/refused.ts'
import { subtreeLimitText } from '../render/account.ts'
import { changedAccountAnswer, newAccountAnswer } from '../render/account-answer.ts'
import { assetAnswer, booksAnswer } from '../render/asset-answer.ts'
import { metadataText } from '../render/text.ts'
import type { SavedAccount, SavedBody } from '../saved-body.ts'
import { amountOf, metadataOf, timeOf } from './fields.ts'
import { assertOrdinary } from './openings.ts'
import { ASSET_REGISTRY, chain, type Plan, type Planning, type WriteOperation } from './plan.ts'

const FLAGS = {
  debits_must_not_exceed_credits: AccountFlags.debitsMustNotExceedCredits,
  credits_must_not_exceed_debits: AccountFlags.creditsMustNotExceedDebits,
} as const

export function newAccountPlan(planning: Planning, body: CreateAccount): Plan {
  const { address, parent, subtree_limit: subtreeLimit } = body
  const asset = planning.assets.number(body.asset, 'asset')
  assertOrdinary(planning, address, body.asset)
  const id = accountIdOf(address)
  let flags = body.closed === true ? AccountFlags.closed : 0
  for (const flag of body.flags ?? []) flags |= FLAGS[flag]
  const command: Command = {
    ...{ operation: Operation.createAccount, id, address, asset, flags, code: body.code ?? 1 },
    parent: parent === undefined || parent === null ? 0n : accountIdOf(parent),
    limit: amountOf(body.limit ?? '0', 'limit', 'allowed'),
    subtreeLimit:
      subtreeLimit === undefined || subtreeLimit === null
        ? NO_SUBTREE_LIMIT
        : amountOf(subtreeLimit, 'subtree_limit', 'allowed'),
    metadata: metadataOf(body.metadata, 'metadata', planning),
  }
  const there = planning.reader.account(id)
  const after = there === undefined ? {} : { after: settingsOf(there) }
  return { commands: [command], body: after, touches: [id], keys: [] }
}

function settingsOf(account: AccountView): SavedAccount {
  return {
    limit: `${account.limit}`,
    subtree_limit: subtreeLimitText(account.subtreeLimit),
    closed: (account.flags & AccountFlags.closed) !== 0,
    metadata: metadataText(account.metadata),
  }
}

export const createAccount: WriteOperation = {
  plan: (planning, _asking, { body }) => newAccountPlan(planning, body as CreateAccount),
  render: newAccountAnswer,
}

/** @throws Refused 404 when there is no such account. */
function accountAt(planning: Planning, params: unknown): AccountView {
  const { address } = params as { address: string }
  return planning.reader.accountByAddress(address) ?? notFound('account', 'address')
}

export function changePlan(planning: Planning, id: bigint, body: ChangeAccount): Plan {
  const { limit, subtree_limit: subtreeLimit, metadata } = body
  const commands: Command[] = []
  if (limit !== undefined || subtreeLimit !== undefined) {
    commands.push({
      ...{ operation: Operation.changeLimit, id, flags: 0 },
      limit: limit === undefined ? undefined : amountOf(limit, 'limit', 'allowed'),
      subtreeLimit:
        subtreeLimit === null
          ? NO_SUBTREE_LIMIT
          : subtreeLimit === undefined
            ? undefined
            : amountOf(subtreeLimit, 'subtree_limit', 'allowed'),
    })
  }
  const bytes = metadataOf(metadata, 'metadata', planning)
  if (metadata !== undefined) {
    commands.push({ operation: Operation.changeMetadata, id, flags: 0, metadata: bytes })
  }
  return { commands: chain(commands), body: {}, touches: [id], keys: [] }
}

export const changeAccount: WriteOperation = {
  plan: (planning, _asking, { params, body }) => {
    const account = accountAt(planning, params)
    const change = body as ChangeAccount
    const plan = changePlan(planning, account.id, change)
    const before = settingsOf(account)
    const { limit = before.limit, subtree_limit = before.subtree_limit } = change
    const metadata =
      change.metadata === undefined
        ? before.metadata
        : metadataText(metadataOf(change.metadata, 'metadata', planning))
    return { ...plan, body: { after: { ...before, limit, subtree_limit, metadata } } }
  },
  render: changedAccountAnswer,
}

function closure(
  operation: typeof Operation.closeAccount | typeof Operation.reopenAccount,
): WriteOperation {
  return {
    plan: (planning, _asking, { params }) => {
      const account = accountAt(planning, params)
      const { id } = account
      const closed = operation === Operation.closeAccount
      const body: SavedBody = { after: { ...settingsOf(account), closed } }
      return { commands: [{ operation, id, flags: 0 }], body, touches: [id], keys: [] }
    },
    render: changedAccountAnswer,
  }
}

export const closeAccount = closure(Operation.closeAccount)
export const reopenAccount = closure(Operation.reopenAccount)

export function assetPlan(planning: Planning, body: RegisterAsset, taken = 0): Plan {
  const { asset: name, number } = body
  const { assets } = planning
  if (assets.isBuiltIn(name)) {
    const detail = `${name} is built in: use it.`
    throw new Refused({ code: 'asset_built_in', param: 'asset', detail })
  }
  const proposed = number ?? assets.find(name) ?? nextAssetNumber(planning) + taken
  const command = { operation: Operation.registerAsset, asset: proposed, flags: 0, name } as const
  return { commands: [command], body: {}, touches: [ASSET_REGISTRY], keys: [] }
}

function nextAssetNumber({ reader }: Planning): number {
  let next = REGISTERED_ASSET_NUMBER_MIN
  for (const { number } of reader.assets()) next = Math.max(next, number + 1)
  return next
}

export const registerAsset: WriteOperation = {
  plan: (planning, _asking, { body }) => assetPlan(planning, body as RegisterAsset),
  render: assetAnswer,
}

export function booksPlan(planning: Planning, body: CloseBooks): Plan {
  const { asset, account, closed_until: closedUntil } = body
  if ((asset === undefined) === (account === undefined)) {
    return refuse('invalid_field', 'asset', 'Give either asset or account.')
  }
  const command: Command = {
    operation: Operation.closeBooks,
    id: account === undefined ? 0n : accountIdOf(account),
    asset: asset === undefined ? 0 : planning.assets.number(asset, 'asset'),
    flags: 0,
    until: closedUntil === null ? 0n : timeOf(closedUntil, 'closed_until'),
  }
  const isMissing = account !== undefined && planning.accounts.find(account) === undefined
  const saved = isMissing ? { account } : {}
  return { commands: [command], body: saved, touches: [], keys: [] }
}

export const closeBooks: WriteOperation = {
  plan: (planning, _asking, { body }) => booksPlan(planning, body as CloseBooks),
  render: booksAnswer,
}
