/** Questions about accounts, transfers, entries and holds that the read models answer: a filter, an order, a page. */
import { type Static, Type } from 'typebox'
import { Cursor, PageLimit } from './scalars.ts'
import { strict } from './schema.ts'

/** What a field is compared with; several of one condition hold all. */
export interface QueryComparisons {
  readonly eq?: string | number | boolean
  readonly in?: readonly (string | number | boolean)[]
  readonly gt?: string | number
  readonly gte?: string | number
  readonly lt?: string | number
  readonly lte?: string | number
  readonly prefix?: string
}

export type QueryFilter =
  | { readonly and: readonly QueryFilter[] }
  | { readonly or: readonly QueryFilter[] }
  | { readonly not: QueryFilter }
  | ({ readonly field: string } & QueryComparisons)

export const QueryFilter = Type.Unsafe<QueryFilter>({
  title: 'QueryFilter',
  type: 'object',
  description:
    'A condition (`field` with `eq`, `in`, `gt`, `gte`, `lt`, `lte` or `prefix`), or several joined by `and`, `or` and `not`. Which fields there are, and which have an index: docs/http.md.',
  additionalProperties: true,
  examples: [
    {
      and: [
        { field: 'code', in: [10, 11] },
        { field: 'amount', gte: '1000' },
      ],
    },
  ],
})

export const QuerySort = Type.String({
  title: 'QuerySort',
  description: 'A field, with `-` before it for the newest or last first. Default: newest first.',
  pattern: '^-?[a-z_]{1,32}$',
  examples: ['-sequence'],
})

export const FilterText = Type.String({
  title: 'FilterText',
  description:
    'Conditions with `;` between, all of which hold: `code=10,11`, `code!=10`, `amount>=1000`, `debit_account=users:1042:wallet`, `metadata.cart=c-7`, `address^=users:1042`. `or` and deeper ones: by POST.',
  minLength: 1,
  maxLength: 500,
  examples: ['code=10;amount>=1000'],
})

export const RowsQuery = strict(
  {
    filter: Type.Optional(QueryFilter),
    sort: Type.Optional(QuerySort),
    limit: Type.Optional(PageLimit),
    cursor: Type.Optional(Cursor),
  },
  { title: 'RowsQuery', description: 'With a cursor: the filter and sort of the page before.' },
)
export type RowsQuery = Static<typeof RowsQuery>

/** The same in a URL. */
export const RowsParameters = strict({
  filter: Type.Optional(FilterText),
  sort: Type.Optional(QuerySort),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type RowsParameters = Static<typeof RowsParameters>
