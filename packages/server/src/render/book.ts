/** What renderers read besides the facts of a request: all of it immutable, so that an answer made again is the same answer. */
import type { LedgerReader } from '@tallystick/engine'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'
import type { Outcome } from '@tallystick/engine'

import { type KnownAccount, type KnownAccounts, limitedSide } from '../known-accounts.ts'
import type { KnownAssets } from '../known-assets.ts'
import type { PastLimits } from '../past-limits.ts'

export interface Book {
  readonly reader: LedgerReader
  readonly accounts: KnownAccounts
  readonly assets: KnownAssets
  readonly limits: PastLimits
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
    for (let index = 0; index < facts.count; index++) {
      const record = facts.record(index, cursor)
      if (record.kind === Operation.createAccount && record.status === 0 && record.slot === slot) {
        return {
          ...{ id: record.id, slot, address: record.address, asset: record.asset },
          assetText: book.assets.text(record.asset),
          limits: limitedSide(record.flags),
          limit: record.u128(48),
        }
      }
    }
  }
  const account = book.accounts.bySlot(slot)
  if (account === undefined) throw new Error(`the book names slot ${slot}, which no account has`)
  return account
}
