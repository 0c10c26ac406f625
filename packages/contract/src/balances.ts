/** Balances: of one account now or at a moment, and totals by address segment and asset. */
import { type Static, Type } from 'typebox'
import {
  Address,
  AddressPrefix,
  Amount,
  AssetText,
  Count,
  Cursor,
  PageLimit,
  Sequence,
  SignedAmount,
  Time,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

const available = nullable(Amount, {
  description:
    'What the account’s own flag, limit and open holds still allow to be taken (or, with `credits_must_not_exceed_debits`, to be given); null when no flag limits it.',
})

export const Balances = strict(
  {
    debits_pending: Amount,
    debits_posted: Amount,
    credits_pending: Amount,
    credits_posted: Amount,
    balance: SignedAmount,
    available,
  },
  {
    title: 'Balances',
    description: '`balance` is credits posted − debits posted.',
    examples: [
      {
        debits_pending: '0',
        debits_posted: '2500',
        credits_pending: '0',
        credits_posted: '10000',
        balance: '7500',
        available: '7500',
      },
    ],
  },
)
export type Balances = Static<typeof Balances>

/** Resulting balances of every account that a write touched, by address. */
export const BalancesByAddress = Type.Record(Type.String(), Balances, {
  title: 'BalancesByAddress',
  description: 'Balances right after the write, by address, of every account that it touched.',
})
export type BalancesByAddress = Static<typeof BalancesByAddress>

/** `ledger`: when it was decided. `effective`: the value date. */
export const TimeAxis = Type.Enum(['ledger', 'effective'], {
  title: 'TimeAxis',
  description: 'Which time counts: `ledger`, when it was decided, or `effective`, the value date.',
  default: 'ledger',
})
export type TimeAxis = Static<typeof TimeAxis>

const unknownByValueDate = nullable(Amount, {
  description: 'null with `by=effective`: holds have no value date.',
})

export const BalanceAt = strict(
  {
    object: Type.Literal('balance'),
    account: Address,
    asset: AssetText,
    at: noted(Time, {
      description: 'The moment asked for; without one, the ledger time of the answer.',
    }),
    by: TimeAxis,
    balances: strict({
      debits_pending: unknownByValueDate,
      debits_posted: Amount,
      credits_pending: unknownByValueDate,
      credits_posted: Amount,
      balance: SignedAmount,
      available,
    }),
    entries: noted(Count, { description: 'Entries of the account up to that moment.' }),
    sequence: noted(Sequence, {
      description: 'Newest entry that is in it; `"0"` when there is none.',
    }),
    subtree: Type.Optional(
      strict(
        {
          debits_pending: Amount,
          debits_posted: Amount,
          credits_pending: Amount,
          credits_posted: Amount,
          balance: SignedAmount,
        },
        {
          description:
            'Only without `at`, and only of accounts with children or a subtree limit: totals of what crossed the boundary of the account’s subtree.',
        },
      ),
    ),
  },
  { title: 'Balance' },
)
export type BalanceAt = Static<typeof BalanceAt>

export const BalanceQuery = strict({
  at: Type.Optional(noted(Time, { description: 'Balance as it was right after this moment.' })),
  by: Type.Optional(TimeAxis),
})
export type BalanceQuery = Static<typeof BalanceQuery>

export const Totals = strict(
  {
    object: Type.Literal('totals'),
    group: Type.String({
      description: 'The address segments that the accounts share; empty with `group_by=0`.',
      examples: ['users:1042'],
    }),
    asset: AssetText,
    accounts: Count,
    debits_pending: Amount,
    debits_posted: Amount,
    credits_pending: Amount,
    credits_posted: Amount,
    balance: SignedAmount,
  },
  { title: 'Totals' },
)
export type Totals = Static<typeof Totals>

export const TotalsQuery = strict({
  prefix: Type.Optional(AddressPrefix),
  group_by: Type.Optional(
    Type.Integer({
      description:
        'Leading address segments that make a group: 1 = `users`, 2 = `users:1042`; 0 = all in one. Every group is split by asset.',
      minimum: 0,
      maximum: 16,
      default: 1,
    }),
  ),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type TotalsQuery = Static<typeof TotalsQuery>

export const TotalsList = page(Totals, 'TotalsList')
export type TotalsList = Static<typeof TotalsList>
