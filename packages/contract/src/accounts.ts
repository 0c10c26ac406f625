/** Accounts: what is asked to open, change, close and list them, and what they look like. */
import { type Static, Type } from 'typebox'
import { Balances } from './balances.ts'
import { FilterText, QuerySort } from './queries.ts'
import {
  Address,
  AddressPrefix,
  Amount,
  AssetText,
  Code,
  Count,
  Cursor,
  DryRun,
  Id,
  Metadata,
  PageLimit,
  PrivateData,
  RequestId,
  ShownPrivate,
  Time,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

export const AccountFlag = Type.Enum(
  ['debits_must_not_exceed_credits', 'credits_must_not_exceed_debits'],
  {
    title: 'AccountFlag',
    description:
      '`debits_must_not_exceed_credits` for what may not be overdrawn (a wallet), the other for what may not be overpaid (a loan). Beyond it, `limit` is allowed on top. They exclude each other.',
  },
)
export type AccountFlag = Static<typeof AccountFlag>

const limit = noted(Amount, {
  description: 'Allowance on top of the flag, minor units: an overdraft, a credit line.',
})
const subtreeLimit = nullable(Amount, {
  description:
    'The same for the totals of the account’s whole subtree, on the side that its flag names; null = none.',
})

export const Account = strict(
  {
    object: Type.Literal('account'),
    address: Address,
    id: Id,
    asset: AssetText,
    code: Code,
    flags: Type.Array(AccountFlag),
    parent: nullable(Address),
    limit,
    subtree_limit: subtreeLimit,
    closed: Type.Boolean({ description: 'Takes nothing but voids and expiries of open holds.' }),
    balances: Balances,
    entries: noted(Count, {
      description: 'Links of its chain: posted, held, released and voided alike.',
    }),
    metadata: Metadata,
    private: Type.Optional(ShownPrivate),
    created_at: Time,
    request_id: noted(RequestId, {
      description:
        'The request that opened it. Those that changed it since: `GET /v1/requests?account=`.',
    }),
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Account' },
)
export type Account = Static<typeof Account>

export const CreateAccount = strict(
  {
    address: Address,
    asset: AssetText,
    code: Type.Optional(noted(Code, { default: 1 })),
    flags: Type.Optional(Type.Array(AccountFlag, { uniqueItems: true, maxItems: 2, default: [] })),
    parent: Type.Optional(
      nullable(Address, { description: 'An account of the same asset; up to 8 levels.' }),
    ),
    limit: Type.Optional(noted(limit, { default: '0' })),
    subtree_limit: Type.Optional(subtreeLimit),
    closed: Type.Optional(Type.Boolean({ description: 'Open it closed.', default: false })),
    metadata: Type.Optional(Metadata),
    private: Type.Optional(PrivateData),
  },
  { title: 'CreateAccount' },
)
export type CreateAccount = Static<typeof CreateAccount>

export const ChangeAccount = strict(
  {
    limit: Type.Optional(limit),
    subtree_limit: Type.Optional(subtreeLimit),
    metadata: Type.Optional(
      noted(Metadata, { description: 'Takes the place of all metadata, and of private data.' }),
    ),
    private: Type.Optional(
      noted(PrivateData, { description: 'Together with `metadata`, whose place it shares.' }),
    ),
  },
  {
    title: 'ChangeAccount',
    description: 'What is left out stays as it is.',
    minProperties: 1,
  },
)
export type ChangeAccount = Static<typeof ChangeAccount>

/** Closing and reopening ask nothing but the account. */
export const Nothing = strict({}, { title: 'Nothing', description: 'An empty object, or no body.' })
export type Nothing = Static<typeof Nothing>

export const AccountParams = strict({ address: Address })
export type AccountParams = Static<typeof AccountParams>

export const AccountsQuery = strict({
  prefix: Type.Optional(AddressPrefix),
  parent: Type.Optional(noted(Address, { description: 'Direct children of this account.' })),
  asset: Type.Optional(AssetText),
  filter: Type.Optional(FilterText),
  sort: Type.Optional(QuerySort),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type AccountsQuery = Static<typeof AccountsQuery>

export const AccountList = page(Account, 'AccountList')
export type AccountList = Static<typeof AccountList>
