/** Closed books: nothing may be dated at or before a moment, per asset or per subtree of an account. */
import { type Static, Type } from 'typebox'
import { Address, AssetText, DryRun, RequestId, Sequence, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

const closedUntil = nullable(Time, {
  description: 'Nothing may have a value date at or before it; null opens the books again.',
})

export const CloseBooks = strict(
  {
    asset: Type.Optional(
      noted(AssetText, { description: 'Either this: all accounts of an asset.' }),
    ),
    account: Type.Optional(noted(Address, { description: 'Or this: an account and its subtree.' })),
    closed_until: closedUntil,
  },
  {
    title: 'CloseBooks',
    description: 'Exactly one of `asset` and `account`.',
    minProperties: 2,
    maxProperties: 2,
  },
)
export type CloseBooks = Static<typeof CloseBooks>

export const Books = strict(
  {
    object: Type.Literal('books'),
    asset: nullable(AssetText),
    account: nullable(Address),
    closed_until: closedUntil,
    timestamp: Time,
    sequence: Sequence,
    request_id: RequestId,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Books' },
)
export type Books = Static<typeof Books>
