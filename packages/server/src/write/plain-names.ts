/** What the reader of plain batches may take for a name, and whether a batch that was parsed could have been read by it. */
import type { BatchCommand } from '@tallystick/contract'
import { parseAddress, parseAsset } from '@tallystick/money'

import type { KnownAccounts } from '../known-accounts.ts'
import type { KnownAssets } from '../known-assets.ts'
import { PLAIN_AMOUNT_DIGITS_MAX, type PlainNames } from './plain-batch.ts'

/** Means another account for each asset. */
const WORLD = 'world'

export function plainNames(accounts: KnownAccounts, assets: KnownAssets): PlainNames {
  return {
    account: (address) =>
      address === WORLD || parseAddress(address) === undefined
        ? undefined
        : accounts.find(address)?.id,
    asset: (text) => (parseAsset(text) === undefined ? undefined : assets.find(text)),
  }
}

const FIELDS = new Set([
  ...['operation', 'id', 'debit_account', 'credit_account', 'amount', 'asset', 'code'],
])

/**
 * Whether every command has the fields of a plain transfer and no other, for the digest: it has to come out the same however the batch
 * was read. A question about the text alone: which accounts are known is another one, and changes.
 */
export function isPlainBatch(batch: {
  readonly atomic?: boolean
  readonly commands: readonly BatchCommand[]
}): boolean {
  return batch.atomic !== true && batch.commands.every(isPlain)
}

function isPlain(command: BatchCommand): boolean {
  if (command.operation !== 'create_transfer' || command.id === undefined) return false
  if (command.debit_account === WORLD || command.credit_account === WORLD) return false
  if (command.amount === '0' || command.amount.length > PLAIN_AMOUNT_DIGITS_MAX) return false
  for (const name in command) if (!FIELDS.has(name)) return false
  return true
}
