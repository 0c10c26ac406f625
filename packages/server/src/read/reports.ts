/** Reports as JSON or CSV. Every column is a column of the tables; sums of sums are made here. */
import {
  type BalancesReportQuery,
  formatTime,
  MediaType,
  type MoversReportQuery,
  type OperationId,
  type TurnoverReportQuery,
} from '@tallystick/contract'
import {
  agedHoldsReport,
  balancesReport,
  type BalancesRow,
  FilterRefused,
  moversReport,
  type Reach,
  type ReadModels,
  turnoverReport,
} from '@tallystick/read-models'

import { reachOf } from '../access/reach.ts'
import type { Exchange } from '../http/exchange.ts'
import { Refused } from '../http/refused.ts'
import { timeOf } from '../write/fields.ts'
import type { Handler } from '../write/handler.ts'
import { cell, lineOf } from './csv.ts'
import { refusedFilter, waitFor } from './queries.ts'
import { asked, readModelsOf } from './read-models.ts'
import type { Question } from './reading.ts'

type Row = Readonly<Record<string, string>>

interface Made {
  readonly sequence: number
  /** Besides the rows. */
  readonly head: object
  readonly rows: readonly Row[]
  readonly tail?: object
  readonly columns: readonly string[]
}

interface Asker {
  readonly models: ReadModels
  /** What he may see; undefined: all. */
  readonly reach: Reach
  /** ns, of the ledger. */
  readonly now: bigint
}

type Make = (asker: Asker, query: never) => Promise<Made>

const timeText = (ns: string): string => formatTime(BigInt(ns))

const SUMS = [
  ...(['accounts', 'debits_pending', 'debits_posted'] as const),
  ...(['credits_pending', 'credits_posted', 'balance'] as const),
] as const

const balances = async ({ models, reach }: Asker, query: BalancesReportQuery): Promise<Made> => {
  const at = query.at === undefined ? undefined : timeOf(query.at, 'at')
  const { rows, sequence } = await balancesReport(models.pool, {
    ...{ ...groupingOf(query), reach, ...(at === undefined ? {} : { at }) },
  })
  return {
    sequence,
    head: { object: 'balances_report', at: at === undefined ? null : formatTime(at) },
    rows: rows.map((row) => ({ ...row })),
    tail: { totals: totalsOf(rows) },
    columns: ['asset', 'group', ...SUMS],
  }
}

function totalsOf(rows: readonly BalancesRow[]): Row[] {
  return Array.from(
    Map.groupBy(rows, ({ asset }) => asset),
    ([asset, own]) => ({
      asset,
      ...Object.fromEntries(
        SUMS.map((name) => [name, `${own.reduce((sum, row) => sum + BigInt(row[name]), 0n)}`]),
      ),
    }),
  )
}

const turnover = async ({ models, reach }: Asker, query: TurnoverReportQuery): Promise<Made> => {
  const { period = 'day', time_zone: timeZone = 'UTC', from, to } = query
  if (to <= from) throw new FilterRefused('invalid', 'to', 'to must be a day after from.')
  const { rows, sequence } = await turnoverReport(models.pool, {
    ...{ ...groupingOf(query), reach, period, timeZone, from, to },
  })
  return {
    sequence,
    head: { object: 'turnover_report', period, time_zone: timeZone },
    rows: rows.map((row) => ({ ...row, from: timeText(row.from), to: timeText(row.to) })),
    columns: ['from', 'to', 'asset', 'group', 'opening', 'debits', 'credits', 'closing'],
  }
}

const topMovers = async ({ models, reach }: Asker, query: MoversReportQuery): Promise<Made> => {
  const { asset, prefix, limit = 20 } = query
  const [from, to] = [timeOf(query.from, 'from'), timeOf(query.to, 'to')]
  const { rows, sequence } = await moversReport(models.pool, {
    ...{ asset, from, to, limit, reach, ...(prefix === undefined ? {} : { prefix }) },
  })
  return {
    sequence,
    head: {
      ...{ object: 'top_movers_report', asset },
      ...{ from: formatTime(from), to: formatTime(to) },
    },
    rows: rows.map((row) => ({ ...row })),
    columns: ['address', 'debits', 'credits'],
  }
}

async function agedHolds({ models, reach, now }: Asker): Promise<Made> {
  const { rows, sequence } = await agedHoldsReport(models.pool, now, reach)
  return {
    sequence,
    head: { object: 'aged_holds_report' },
    rows: rows.map((row) => ({ ...row, days: `${row.days}`, oldest: timeText(row.oldest) })),
    columns: ['asset', 'days', 'holds', 'remaining', 'oldest'],
  }
}

function groupingOf({
  prefix,
  group_by: groupBy = '1',
}: BalancesReportQuery | TurnoverReportQuery): {
  readonly prefix?: string
  readonly groupBy: number | 'code'
} {
  const by = groupBy === 'code' ? groupBy : Number(groupBy)
  return { ...(prefix === undefined ? {} : { prefix }), groupBy: by }
}

const REPORTS: Partial<Record<OperationId, Make>> = {
  reportBalances: balances,
  reportTurnover: turnover,
  reportTopMovers: topMovers,
  reportAgedHolds: agedHolds,
}

/** @param questionOf path and query, checked. */
export function reportHandler(
  id: OperationId,
  questionOf: (exchange: Exchange) => Question,
): Handler | undefined {
  const make = REPORTS[id]
  if (make === undefined) return undefined
  return (exchange) => {
    const query = questionOf(exchange).query as { readonly format?: string }
    const answer = async (): Promise<void> => {
      const models = readModelsOf(exchange.service)
      await waitFor(exchange, models)
      const reach = reachOf(exchange, 'reports:read')
      const asker = { models, reach, now: exchange.service.ledger.lastTimestamp }
      const made = await asked(() => make(asker, query as never))
      const headers = { 'ledger-sequence': exchange.service.tokens.write(made.sequence) }
      if (query.format === 'csv') answerCsv(exchange, made, headers)
      else
        exchange.answerJson(
          200,
          JSON.stringify({ ...made.head, addresses: reach ?? null, rows: made.rows, ...made.tail }),
          headers,
        )
    }
    answer().catch((error: unknown) => exchange.fail(asRefused(error)))
  }
}

function answerCsv(
  exchange: Exchange,
  { columns, rows }: Made,
  headers: Readonly<Record<string, string>>,
): void {
  const lines = rows.map((row) => lineOf(columns.map((name) => csvCell(name, row[name] ?? ''))))
  const type = `${MediaType.csv}; charset=utf-8; header=present`
  exchange.answer(200, lineOf(columns) + lines.join(''), { ...headers, 'content-type': type })
}

/** Names come from outside; amounts may begin with a minus. */
function csvCell(name: string, text: string): string {
  return name === 'group' || name === 'address' ? cell(text) : text
}

/** SQLSTATE of a time zone that PostgreSQL does not know, and of days that are in no calendar. */
const WRONG_TIME = /^22(023|007|008)$/

function asRefused(error: unknown): unknown {
  if (error instanceof FilterRefused) return refusedFilter(error, 'invalid_parameter')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!WRONG_TIME.test(code)) return error
  const detail = 'There is no such time zone, or no such day.'
  return new Refused({ code: 'invalid_parameter', param: 'time_zone', detail })
}
