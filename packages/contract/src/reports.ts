/** Reports: what finance asks of the read models. JSON or CSV. */
import { type Static, Type } from 'typebox'
import { AddressPrefix, Address, Amount, AssetText, Count, SignedAmount, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

const format = Type.Optional(Type.Enum(['json', 'csv'], { default: 'json' }))

const group = Type.String({
  description: 'The address segments that the accounts share, or their code; empty for all in one.',
  examples: ['users'],
})

const groupBy = Type.Optional(
  Type.String({
    description:
      'Leading address segments, 0 = all in one, or `code`. Every group is split by asset.',
    pattern: '^([0-9]|1[0-6]|code)$',
    default: '1',
    examples: ['1', 'code'],
  }),
)

const addresses = nullable(Type.Array(Type.String()), {
  description:
    'What the caller may see, as in its grants, and all that is counted; null: everything.',
})

const sums = {
  accounts: Count,
  debits_pending: Amount,
  debits_posted: Amount,
  credits_pending: Amount,
  credits_posted: Amount,
  balance: SignedAmount,
}

export const BalancesReport = strict(
  {
    object: Type.Literal('balances_report'),
    addresses,
    at: nullable(Time, { description: 'Right after this moment; null: now.' }),
    rows: Type.Array(strict({ asset: AssetText, group, ...sums })),
    totals: Type.Array(strict({ asset: AssetText, ...sums }), {
      description:
        'Of each asset. Over all accounts the debits are the credits: the trial balance.',
    }),
  },
  { title: 'BalancesReport' },
)
export type BalancesReport = Static<typeof BalancesReport>

export const BalancesReportQuery = strict({
  at: Type.Optional(noted(Time, { description: 'Right after this moment; default: now.' })),
  prefix: Type.Optional(AddressPrefix),
  group_by: groupBy,
  format,
})
export type BalancesReportQuery = Static<typeof BalancesReportQuery>

const Day = Type.String({
  title: 'Day',
  description: 'A date in the time zone.',
  pattern: '^(19[7-9][0-9]|2[0-1][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
  examples: ['2026-11-01'],
})

export const TurnoverReport = strict(
  {
    object: Type.Literal('turnover_report'),
    addresses,
    period: Type.Enum(['day', 'week', 'month']),
    time_zone: Type.String(),
    rows: Type.Array(
      strict({
        ...{ from: Time, to: Time, asset: AssetText, group },
        opening: noted(SignedAmount, { description: 'Balance when the period begins.' }),
        ...{ debits: Amount, credits: Amount, closing: SignedAmount },
      }),
    ),
  },
  { title: 'TurnoverReport' },
)
export type TurnoverReport = Static<typeof TurnoverReport>

export const TurnoverReportQuery = strict({
  from: noted(Day, { description: 'First day that counts.' }),
  to: noted(Day, { description: 'First day that no longer counts.' }),
  period: Type.Optional(
    Type.Enum(['day', 'week', 'month'], {
      description: 'Weeks begin on Monday. The first and the last are cut at `from` and `to`.',
      default: 'day',
    }),
  ),
  time_zone: Type.Optional(
    Type.String({
      description: 'Of the IANA: where its days begin.',
      pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
      maxLength: 64,
      default: 'UTC',
      examples: ['Europe/Berlin'],
    }),
  ),
  prefix: Type.Optional(AddressPrefix),
  group_by: groupBy,
  format,
})
export type TurnoverReportQuery = Static<typeof TurnoverReportQuery>

export const MoversReport = strict(
  {
    object: Type.Literal('top_movers_report'),
    addresses,
    asset: AssetText,
    from: Time,
    to: Time,
    rows: Type.Array(strict({ address: Address, debits: Amount, credits: Amount })),
  },
  { title: 'TopMoversReport' },
)
export type MoversReport = Static<typeof MoversReport>

export const MoversReportQuery = strict({
  asset: AssetText,
  from: noted(Time, { description: 'First moment that counts.' }),
  to: noted(Time, { description: 'First moment that no longer counts.' }),
  prefix: Type.Optional(AddressPrefix),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 20 })),
  format,
})
export type MoversReportQuery = Static<typeof MoversReportQuery>

export const AgedHoldsReport = strict(
  {
    object: Type.Literal('aged_holds_report'),
    addresses,
    rows: Type.Array(
      strict({
        asset: AssetText,
        days: Type.Enum(['0', '1', '7', '30'], {
          description: 'Age in days, at least: under 1, 1 to 6, 7 to 29, 30 and more.',
        }),
        ...{ holds: Count, remaining: Amount },
        oldest: noted(Time, { description: 'When the oldest of them was made.' }),
      }),
    ),
  },
  { title: 'AgedHoldsReport' },
)
export type AgedHoldsReport = Static<typeof AgedHoldsReport>

export const AgedHoldsReportQuery = strict({ format })
export type AgedHoldsReportQuery = Static<typeof AgedHoldsReportQuery>
