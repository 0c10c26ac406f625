/** Reports of finance: balances at a moment, turnover by period, who moved most, holds by age. Each in one view of the tables. */
import type { Pool } from '@tallystick/postgres'
import { type RawBuilder, sql } from 'kysely'

import { REPORT_MS_MAX, REPORT_PERIODS_MAX, REPORT_ROWS_MAX } from '../limits.ts'
import { FilterRefused } from '../query/filter.ts'
import { ask, inOneView, type View } from '../query/one-view.ts'
import { type Reach, slotsSql } from '../query/reach-sql.ts'
import { type Grouping, groupSql, newestEntry, nsText, sequenceBefore, whereSql } from './as-of.ts'

/** Rows, and the newest event that was in the tables. Amounts are text of whole minor units. */
export interface Report<Row> {
  readonly rows: readonly Row[]
  readonly sequence: number
}

export interface BalancesRow {
  readonly asset: string
  readonly group: string
  readonly accounts: string
  readonly debits_pending: string
  readonly debits_posted: string
  readonly credits_pending: string
  readonly credits_posted: string
  readonly balance: string
}

/** @param at ns, right after that moment; undefined: now. @throws FilterRefused, DatabaseUnavailable */
export function balancesReport(
  pool: Pool,
  { at, ...grouping }: Grouping & { readonly at?: bigint },
): Promise<Report<BalancesRow>> {
  const source = at === undefined ? sql`a` : sql`e`
  const sum = (column: string): RawBuilder<string> =>
    sql`coalesce(sum(${source}.${sql.raw(column)}), 0)`
  const past = at === undefined ? sql`` : newestEntry(edgeAt(at + 1n))
  const opened = at === undefined ? sql`true` : sql`a.timestamp_ns <= ${nsText(at)}::bigint`
  const query = sql<BalancesRow>`
    select a.asset, ${groupSql(grouping)} as "group", count(*) as accounts, ${sum('debits_pending')} as debits_pending,
      ${sum('debits_posted')} as debits_posted, ${sum('credits_pending')} as credits_pending,
      ${sum('credits_posted')} as credits_posted, ${sum('credits_posted')} - ${sum('debits_posted')} as balance
    from tallystick.accounts a ${past} where ${whereSql(grouping)} and ${opened}
    group by 1, 2 order by 1, 2 limit ${REPORT_ROWS_MAX + 1}`
  return report(pool, (view) => ask(view, query))
}

type Period = 'day' | 'week' | 'month'

export interface TurnoverAsked extends Grouping {
  /** Dates in the time zone, like `2026-11-01`; the second no longer counts. */
  readonly from: string
  readonly to: string
  readonly period: Period
  /** Of the IANA, like `Europe/Berlin`. */
  readonly timeZone: string
}

export interface TurnoverRow {
  /** ns since 1970. */
  readonly from: string
  readonly to: string
  readonly asset: string
  readonly group: string
  /** Credits − debits at the period's beginning. */
  readonly opening: string
  readonly debits: string
  readonly credits: string
  readonly closing: string
}

/** @throws FilterRefused, DatabaseUnavailable */
export function turnoverReport(pool: Pool, asked: TurnoverAsked): Promise<Report<TurnoverRow>> {
  return report(pool, async (view) => {
    const edges = await edgesOf(view, asked)
    const sequences = sql`unnest(${edges.map(({ sequence }) => sequence)}::bigint[]) with ordinality as s(sequence, edge)`
    const sums = await ask(
      view,
      sql<{ edge: string; asset: string; group: string; debits: string; credits: string }>`
        select s.edge, a.asset, ${groupSql(asked)} as "group", coalesce(sum(e.debits_posted), 0) as debits,
          coalesce(sum(e.credits_posted), 0) as credits
        from ${sequences} cross join tallystick.accounts a ${newestEntry(sql`s.sequence`)}
        where ${whereSql(asked)} group by 1, 2, 3 order by 2, 3, 1`,
    )
    return sums.flatMap((sum, index) => {
      const before = sums[index - 1]
      const edge = Number(sum.edge)
      const [from, to] = [edges[edge - 2], edges[edge - 1]]
      if (edge === 1 || before === undefined || from === undefined || to === undefined) return []
      return {
        ...{ from: from.ns, to: to.ns, asset: sum.asset, group: sum.group },
        opening: `${BigInt(before.credits) - BigInt(before.debits)}`,
        debits: `${BigInt(sum.debits) - BigInt(before.debits)}`,
        credits: `${BigInt(sum.credits) - BigInt(before.credits)}`,
        closing: `${BigInt(sum.credits) - BigInt(sum.debits)}`,
      }
    })
  })
}

interface Edge {
  readonly ns: string
  readonly sequence: string
}

/** Where periods begin and end: at midnight of the zone, whatever its clocks did. */
async function edgesOf(view: View, { from, to, period, timeZone }: TurnoverAsked): Promise<Edge[]> {
  const step = sql`${`1 ${period}`}::interval`
  const local = sql`select ${from}::timestamp as t union select ${to}::timestamp
    union select t from generate_series(date_trunc(${period}, ${from}::timestamp) + ${step}, ${to}::timestamp - interval '1 second', ${step}) t`
  const edges = await ask(
    view,
    sql<Edge>`select ns, ${sequenceBefore(sql`ns`)} as sequence
      from (select (extract(epoch from t at time zone ${timeZone})::bigint * 1000000000) as ns from (${local}) l) n
      order by ns limit ${REPORT_PERIODS_MAX + 2}`,
  )
  if (edges.length <= REPORT_PERIODS_MAX + 1) return edges
  throw new FilterRefused('invalid', 'from', `There are more than ${REPORT_PERIODS_MAX} periods.`)
}

export interface MoversRow {
  readonly address: string
  readonly debits: string
  readonly credits: string
}

/** Accounts of one asset by how much was posted to them, the most first. @param from, to ns; `to` no longer counts. */
export function moversReport(
  pool: Pool,
  asked: {
    readonly asset: string
    readonly from: bigint
    readonly to: bigint
    readonly limit: number
  } & Pick<Grouping, 'prefix' | 'reach'>,
): Promise<Report<MoversRow>> {
  const { asset, from, to, limit } = asked
  const at = (ns: bigint): RawBuilder<unknown> => sql`
    select a.slot, a.address, coalesce(e.debits_posted, 0) as debits, coalesce(e.credits_posted, 0) as credits
    from tallystick.accounts a ${newestEntry(edgeAt(ns))} where a.asset = ${asset} and ${whereSql(asked)}`
  const query = sql<MoversRow>`
    select b.address, b.debits - a.debits as debits, b.credits - a.credits as credits
    from (${at(from)}) a join (${at(to)}) b using (slot)
    where b.debits + b.credits > a.debits + a.credits
    order by b.debits + b.credits - a.debits - a.credits desc, b.address limit ${limit}`
  return report(pool, (view) => ask(view, query))
}

const edgeAt = (ns: bigint): RawBuilder<unknown> =>
  sql`(select ${sequenceBefore(sql`${nsText(ns)}::bigint`)})`

export interface AgedHoldsRow {
  readonly asset: string
  /** Days, at least; 0, 1, 7 or 30. */
  readonly days: number
  readonly holds: string
  readonly remaining: string
  /** ns; of the oldest one. */
  readonly oldest: string
}

const NS_PER_DAY = 86_400_000_000_000n

/** Open holds by age. @param now ns, of the ledger. @param reach of who asks: holds of which one side at least is such an account. */
export function agedHoldsReport(
  pool: Pool,
  now: bigint,
  reach?: Reach,
): Promise<Report<AgedHoldsRow>> {
  const slots = slotsSql(reach)
  const seen =
    reach === undefined ? sql`true` : sql`(debit_slot in (${slots}) or credit_slot in (${slots}))`
  const age = sql`(${nsText(now)}::bigint - timestamp_ns) / ${`${NS_PER_DAY}`}::bigint`
  const query = sql<AgedHoldsRow>`
    select asset, case when ${age} >= 30 then 30 when ${age} >= 7 then 7 when ${age} >= 1 then 1 else 0 end as days,
      count(*) as holds, sum(remaining) as remaining, min(timestamp_ns) as oldest
    from tallystick.holds where status = 'pending' and ${seen} group by 1, 2 order by 1, 2`
  return report(pool, (view) => ask(view, query))
}

async function report<Row>(pool: Pool, make: (view: View) => Promise<Row[]>): Promise<Report<Row>> {
  const { result: rows, sequence } = await inOneView(pool, REPORT_MS_MAX, make)
  if (rows.length <= REPORT_ROWS_MAX) return { rows, sequence }
  throw new FilterRefused(
    'invalid',
    'group_by',
    `There are more than ${REPORT_ROWS_MAX} rows: group by fewer segments, or narrow the prefix.`,
  )
}
