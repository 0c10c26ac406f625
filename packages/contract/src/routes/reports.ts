/** Routes of reports. */
import type { Type } from 'typebox'
import type { AnswerHeader } from '../headers.ts'
import { MediaType } from '../media-types.ts'
import {
  AgedHoldsReport,
  AgedHoldsReportQuery,
  BalancesReport,
  BalancesReportQuery,
  MoversReport,
  MoversReportQuery,
  TurnoverReport,
  TurnoverReportQuery,
} from '../reports.ts'
import { read } from './define.ts'

const FROM_MODELS =
  'From the read models; `Ledger-Sequence` says how far they were. As CSV: a header line, then one line for each row; amounts in minor units. Only what the caller may see is counted.'

const COMMON = {
  method: 'GET',
  resource: 'reports',
  scope: 'reports:read',
  reach: 'rows',
  lane: 'bulk',
  problems: [400, 401, 403, 422, 503],
} as const

const reports = <const Schema extends Type.TSchema>(
  schema: Schema,
): {
  readonly 200: {
    readonly description: string
    readonly content: { readonly [MediaType.json]: Schema; readonly [MediaType.csv]: undefined }
    readonly headers: readonly AnswerHeader[]
  }
} => ({
  200: {
    description: 'The report.',
    content: { [MediaType.json]: schema, [MediaType.csv]: undefined },
    headers: ['Ledger-Sequence'],
  },
})

export const reportRoutes = {
  reportBalances: read({
    ...COMMON,
    number: 140,
    path: '/v1/reports/balances',
    summary: 'Trial balance, and balances by group',
    description: `At any moment, by address segments or code. ${FROM_MODELS}`,
    example: { path: '/reports/balances?at=2026-10-31T23:59:59.999999999Z&group_by=1' },
    query: BalancesReportQuery,
    answers: reports(BalancesReport),
  }),
  reportTurnover: read({
    ...COMMON,
    number: 141,
    path: '/v1/reports/turnover',
    summary: 'Turnover by day, week or month',
    description: `Opening, debits, credits and closing of each group, in a time zone. ${FROM_MODELS}`,
    example: {
      path: '/reports/turnover?from=2026-10-01&to=2026-11-01&period=week&time_zone=Europe/Berlin',
    },
    query: TurnoverReportQuery,
    answers: reports(TurnoverReport),
  }),
  reportTopMovers: read({
    ...COMMON,
    number: 142,
    path: '/v1/reports/top-movers',
    summary: 'Accounts that moved most',
    description: `By debits and credits together, of one asset. ${FROM_MODELS}`,
    example: {
      path: '/reports/top-movers?asset=EUR/2&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z',
    },
    query: MoversReportQuery,
    answers: reports(MoversReport),
  }),
  reportAgedHolds: read({
    ...COMMON,
    number: 143,
    path: '/v1/reports/aged-holds',
    summary: 'Open holds by age',
    description: `How much is held, and for how long already. ${FROM_MODELS}`,
    example: { path: '/reports/aged-holds?format=csv' },
    query: AgedHoldsReportQuery,
    answers: reports(AgedHoldsReport),
  }),
} as const
