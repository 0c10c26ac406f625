/** A filter as SQL. What a row does not have fits no comparison, and therefore fits its `not`. */
import { type RawBuilder, sql } from 'kysely'

import type { Condition, Filter, Value } from './filter.ts'
import { prefixSql } from './prefix-sql.ts'
import { type Reach, reachSql } from './reach-sql.ts'

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** @param reach of who asks: a parent that he does not see is none, and an account that he does not see has no entries. */
export function filterSql(filter: Filter, reach: Reach): RawBuilder<boolean> {
  switch (filter.kind) {
    case 'condition':
      return conditionSql(filter, reach)
    case 'not':
      return sql`(${filterSql(filter.part, reach)}) is not true`
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => sql`(${filterSql(part, reach)})`)
      return sql`${sql.join(parts, filter.kind === 'and' ? sql` and ` : sql` or `)}`
    }
  }
}

function conditionSql(
  { field, key, comparison, values }: Condition,
  reach: Reach,
): RawBuilder<boolean> {
  const column = sql.raw(field.column)
  const [first = ''] = values
  if (field.kind === 'metadata') {
    const parts = values.map((value) => sql`metadata @> ${JSON.stringify({ [key]: value })}::jsonb`)
    return sql`${sql.join(parts, sql` or `)}`
  }
  if (field.kind === 'account') {
    const isOwn = field.name === 'account'
    return accountSql(column, { comparison, values, reach: isOwn ? reach : undefined })
  }
  if (field.kind === 'request') return requestSql(column, values)
  if (field.kind === 'parent') {
    const ids = values.map(
      (address) =>
        sql`(select id from tallystick.accounts where address = ${address} and ${reachSql(sql`address`, reach)})`,
    )
    // One by one, so that the planner knows how many they are.
    return comparison === 'eq'
      ? sql`${column} = ${ids[0]}`
      : sql`${column} = any(array[${sql.join(ids)}])`
  }
  if (comparison === 'prefix') return prefixSql(column, String(first))
  const type = typeOf(field)
  const fitting = type === 'bigint' ? values.map(withinBigint) : [...values]
  if (comparison === 'in') return sql`${column} = any(${fitting}::${sql.raw(type)}[])`
  const sign = comparison === 'eq' ? '=' : SIGNS[comparison]
  const compared = sql<boolean>`${column} ${sql.raw(sign)} ${fitting[0]}::${sql.raw(type)}`
  const isOfEvent = field.column === 'timestamp_ns' && field.indexed.length > 0
  if (!isOfEvent || comparison === 'eq') return compared
  return sql`(${compared} and ${eventsSql(comparison, fitting[0])})`
}

/**
 * The same as a bound of sequences: later events have later times. Rows are asked for in order of their sequences, and without it the planner walks that order from its
 * end, through everything that does not fit.
 */
function eventsSql(comparison: keyof typeof SIGNS, ns: Value | undefined): RawBuilder<boolean> {
  const isFrom = comparison === 'gt' || comparison === 'gte'
  const edge = sql`select sequence from tallystick.movements
    where timestamp_ns ${sql.raw(isFrom ? '>=' : '<=')} ${ns}::bigint order by timestamp_ns ${sql.raw(isFrom ? 'asc' : 'desc')} limit 1`
  return isFrom
    ? sql`sequence >= coalesce((${edge}), ${`${BIGINT_MAX}`}::bigint)`
    : sql`sequence <= coalesce((${edge}), 0)`
}

const BIGINT_MAX = (1n << 63n) - 1n

/** What lies beyond is compared with the edge, where nothing is: the answers are the same. */
function withinBigint(value: Value): string {
  const whole = BigInt(value)
  if (whole > BIGINT_MAX) return `${BIGINT_MAX}`
  return whole < -BIGINT_MAX ? `${-BIGINT_MAX}` : `${whole}`
}

function typeOf({ kind, type }: Condition['field']): string {
  if (kind === 'amount') return 'numeric'
  if (kind === 'time' || kind === 'whole' || kind === 'reference') return type
  if (kind === 'code') return 'integer'
  return kind === 'boolean' ? 'boolean' : 'text'
}

/** Its events, the first to the last of them: no others lie between. Of several requests they are named one by one, since no index leads to one range or another. */
function requestSql(column: RawBuilder<unknown>, ids: readonly Value[]): RawBuilder<boolean> {
  const from = sql`from tallystick.requests where id = any(${[...ids]}::text[])`
  if (ids.length > 1) {
    return sql`${column} = any(array(select generate_series(sequence, last_sequence) ${from}))`
  }
  return sql`${column} >= (select sequence ${from} limit 1) and ${column} <= (select last_sequence ${from} limit 1)`
}

/** By its slot: found first, so that the rest is a look-up of a number. */
function accountSql(
  column: RawBuilder<unknown>,
  { comparison, values, reach }: Pick<Condition, 'comparison' | 'values'> & { reach: Reach },
): RawBuilder<boolean> {
  const [first = ''] = values
  const from = sql`select slot from tallystick.accounts where ${reachSql(sql`address`, reach)}`
  if (comparison === 'prefix') {
    return sql`${column} in (${from} and ${prefixSql(sql`address`, String(first))})`
  }
  if (comparison === 'eq') return sql`${column} = (${from} and address = ${first})`
  const slots = sql`${from} and address = any(${[...values]}::text[])`
  return sql`${column} = any(array(${slots}))`
}
