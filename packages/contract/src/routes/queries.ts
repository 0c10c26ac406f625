/** Routes that ask the read models for accounts, transfers, entries and holds. */
import type { Type } from 'typebox'
import { AccountList } from '../accounts.ts'
import { EntryList } from '../entries.ts'
import { HoldList } from '../holds.ts'
import { BODY_BYTES_MAX } from '../limits.ts'
import { RowsParameters, RowsQuery } from '../queries.ts'
import { TransferList } from '../transfers.ts'
import { read, shows } from './define.ts'

const PROBLEMS = [400, 401, 403, 413, 415, 422, 503] as const

const DESCRIPTION =
  'Answered from the read models, a moment behind the ledger: `Ledger-Sequence` says how far they were, and `Ledger-Min-Sequence` waits for them. What no index leads to is refused (422 `query_without_index`). What the caller may not see is not found.'

const asks = <const List extends Type.TSchema>(
  list: List,
): {
  readonly method: 'POST'
  readonly description: string
  readonly lane: 'interactive'
  readonly reach: 'rows'
  readonly body: typeof RowsQuery
  readonly bodyOptional: true
  readonly bodyBytesMax: number
  readonly answers: { readonly 200: ReturnType<typeof shows<List>> }
  readonly problems: typeof PROBLEMS
} => ({
  ...{ method: 'POST', description: DESCRIPTION, lane: 'interactive', reach: 'rows' },
  ...{ body: RowsQuery, bodyOptional: true, bodyBytesMax: BODY_BYTES_MAX },
  ...{ answers: { 200: shows(list, 'One page of rows.') }, problems: PROBLEMS },
})

export const queryRoutes = {
  queryAccounts: read({
    ...asks(AccountList),
    number: 150,
    path: '/v1/accounts/query',
    resource: 'accounts',
    summary: 'Ask for accounts',
    example: {
      path: '/accounts/query',
      body: {
        filter: {
          and: [
            { field: 'code', eq: 100 },
            { field: 'balance', lt: '0' },
          ],
        },
      },
    },
    scope: 'accounts:read',
  }),
  queryTransfers: read({
    ...asks(TransferList),
    number: 151,
    path: '/v1/transfers/query',
    resource: 'transfers',
    summary: 'Ask for transfers',
    example: {
      path: '/transfers/query',
      body: { filter: { field: 'metadata.cart', eq: 'c-7' }, sort: '-sequence', limit: 20 },
    },
    scope: 'transfers:read',
  }),
  queryEntries: read({
    ...asks(EntryList),
    number: 152,
    path: '/v1/entries/query',
    resource: 'entries',
    summary: 'Ask for entries',
    example: {
      path: '/entries/query',
      body: {
        filter: {
          and: [
            { field: 'account', in: ['users:1042:wallet', 'merchants:books'] },
            { field: 'timestamp', gte: '2026-11-01T00:00:00Z', lt: '2026-12-01T00:00:00Z' },
          ],
        },
      },
    },
    scope: 'entries:read',
  }),
  queryHolds: read({
    ...asks(HoldList),
    number: 153,
    path: '/v1/holds/query',
    resource: 'holds',
    summary: 'Ask for holds',
    example: {
      path: '/holds/query',
      body: { filter: { field: 'status', eq: 'pending' }, sort: 'sequence' },
    },
    scope: 'holds:read',
  }),
  listAllEntries: read({
    number: 154,
    method: 'GET',
    path: '/v1/entries',
    resource: 'entries',
    summary: 'Ask for entries, in a URL',
    description: DESCRIPTION,
    example: { path: '/entries?filter=account%3Dusers:1042:wallet' },
    scope: 'entries:read',
    reach: 'rows',
    lane: 'interactive',
    query: RowsParameters,
    answers: { 200: shows(EntryList, 'One page of entries.') },
    problems: [400, 401, 403, 422, 503],
  }),
} as const
