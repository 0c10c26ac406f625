/** What renderers read besides the facts of a request: all of it immutable, so that an answer made again is the same answer. */
import type { AccessReader } from '@tallystick/access'
import type { LedgerReader } from '@tallystick/engine'
import { AccountField, Memory, Operation, RecordCursor } from '@tallystick/ledger'
import type { Outcome } from '@tallystick/engine'

import { type KnownAccount, type KnownAccounts, limitedSide } from '../known-accounts.ts'
import type { KnownAssets } from '../known-assets.ts'
import type { PastLimits } from '../past-limits.ts'
import type { PrivateStore } from '../private/private-data.ts'

export interface Book {
  readonly reader: LedgerReader
  readonly accounts: KnownAccounts
  readonly assets: KnownAssets
  readonly limits: PastLimits
  readonly privacy: PrivateStore
  readonly access: AccessReader
}

/** The events that a request came to, with the envelope that was saved with them. */
export type Facts = Pick<
  Outcome,
  'dryRun' | 'firstSequence' | 'firstTimestamp' | 'count' | 'saved' | 'status' | 'record'
>

const cursor = new RecordCursor(Memory.allocate(8))

/** Reads an account's name by its slot; a dry run's own new accounts are in its records alone. */
export function accountOf(book: Book, facts: Facts | undefined, slot: number): KnownAccount {
  if (facts?.dryRun === true) {
    const own = ownAccount(book, facts, (record) => record.status === 0 && record.slot === slot)
    if (own !== undefined) return own
  }
  const account = book.accounts.bySlot(slot)
  if (account === undefined) throw new Error(`the book names slot ${slot}, which no account has`)
  return account
}

/** The account whose limit refused. Opened by the request that was undone with it, it is in that request's records alone. */
export function refusedAccount(
  book: Book,
  facts: Facts,
  id: bigint,
): { address: string; assetText: string } {
  const own = ownAccount(book, facts, (record) => record.id === id)
  return own ?? book.accounts.byId(id)
}

function ownAccount(
  book: Book,
  facts: Facts,
  isIt: (record: RecordCursor) => boolean,
): KnownAccount | undefined {
  for (let index = 0; index < facts.count; index++) {
    const record = facts.record(index, cursor)
    if (record.kind !== Operation.createAccount || !isIt(record)) continue
    const { id, slot, address, asset } = record
    return {
      ...{ id, slot, address, asset, assetText: book.assets.text(asset) },
      limits: limitedSide(record.flags),
      limit: record.u128(AccountField.limit),
    }
  }
  return undefined
}
