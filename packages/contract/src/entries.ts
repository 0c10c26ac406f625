/** History of one account: entries as a list, and the statement of a period as JSON or CSV. */
import { type Static, Type } from 'typebox'
import { Balances, TimeAxis } from './balances.ts'
import {
  Address,
  Amount,
  AssetText,
  Code,
  Count,
  Cursor,
  Id,
  Metadata,
  PageLimit,
  RequestId,
  Sequence,
  ShownPrivate,
  SignedAmount,
  Time,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'
import { Kind } from './transfers.ts'

export const Direction = Type.Enum(['debit', 'credit'], {
  title: 'Direction',
  description: 'A debit takes from the balance, a credit adds to it.',
})
export type Direction = Static<typeof Direction>

const entryFields = {
  object: Type.Literal('entry'),
  account: Address,
  number: noted(Count, { description: 'Place in the account’s chain, from 1, without a gap.' }),
  direction: Direction,
  amount: Amount,
  balance: noted(SignedAmount, {
    description: 'Running balance after it, in the order of the time that was asked for.',
  }),
  transfer_id: Id,
  counterparty: noted(Address, { description: 'The account on the other side.' }),
  code: Code,
  effective_at: Time,
  timestamp: Time,
  metadata: Metadata,
  private: Type.Optional(ShownPrivate),
  request_id: nullable(RequestId, {
    description:
      'Who asked for it. null: the hold expired by itself; `transfer_id` is the hold, whose own request made it.',
  }),
}

export const Entry = strict(
  {
    ...entryFields,
    kind: Type.Optional(noted(Kind, { description: 'With `kind=all`.' })),
    sequence: Type.Optional(noted(Sequence, { description: 'With `kind=all`.' })),
    pending_id: Type.Optional(
      nullable(Id, {
        description:
          'With `kind=all`: the hold that it captured, voided or released, or the transfer that it reversed.',
      }),
    ),
    balances: Type.Optional(
      noted(Balances, {
        description: 'With `kind=all`: all balances right after it, by ledger time.',
      }),
    ),
  },
  { title: 'Entry' },
)
export type Entry = Static<typeof Entry>

const from = noted(Time, { description: 'First moment that counts; default: the beginning.' })
const to = noted(Time, { description: 'First moment that no longer counts; default: now.' })

export const EntriesQuery = strict({
  from: Type.Optional(from),
  to: Type.Optional(to),
  by: Type.Optional(TimeAxis),
  direction: Type.Optional(Direction),
  code: Type.Optional(Code),
  kind: Type.Optional(
    Type.Enum(['posted', 'all'], {
      description: '`posted`: what moved money. `all`: every link of the chain, holds included.',
      default: 'posted',
    }),
  ),
  order: Type.Optional(
    Type.Enum(['newest', 'oldest'], {
      description: 'Which come first. `oldest` reads a history of any length a page at a time.',
      default: 'newest',
    }),
  ),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type EntriesQuery = Static<typeof EntriesQuery>

export const EntryList = page(Entry, 'EntryList')
export type EntryList = Static<typeof EntryList>

export const StatementQuery = strict({
  format: Type.Optional(Type.Enum(['json', 'csv', 'html'], { default: 'json' })),
  proved: Type.Optional(
    Type.Boolean({
      description:
        'With `format=html`, which is always proved: one file that checks itself when anyone opens it, offline.',
    }),
  ),
  from: Type.Optional(from),
  to: Type.Optional(to),
  by: Type.Optional(TimeAxis),
})
export type StatementQuery = Static<typeof StatementQuery>

const edge = strict({ at: nullable(Time), balance: SignedAmount })

export const Statement = strict(
  {
    object: Type.Literal('statement'),
    account: Address,
    asset: AssetText,
    by: TimeAxis,
    from: nullable(Time),
    to: Time,
    opening: edge,
    entries: Type.Array(Entry, { description: 'Posted entries of the period, oldest first.' }),
    closing: edge,
    totals: strict({ entries: Count, debits: Amount, credits: Amount }),
  },
  { title: 'Statement' },
)
export type Statement = Static<typeof Statement>

/**
 * Columns of a statement as CSV (RFC 4180, CRLF, a header line). `row` is `opening`, `entry` or `closing`; the first and
 * the last have a time and a balance alone. A cell that a spreadsheet would take for a formula begins with `'`.
 */
export const STATEMENT_COLUMNS = [
  'row',
  'number',
  'effective_at',
  'timestamp',
  'direction',
  'amount',
  'balance',
  'asset',
  'counterparty',
  'code',
  'transfer_id',
  'metadata',
  'request_id',
] as const
