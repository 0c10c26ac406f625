/** A filter as SQL. What a row does not have fits no comparison, and therefore fits its `not`. */
import { type RawBuilder, sql } from 'kysely'

import type { Condition, Filter, Value } from './filter.ts'

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export function filterSql(filter: Filter): RawBuilder<boolean> {
  switch (filter.kind) {
    case 'condition':
      return conditionSql(filter)
    case 'not':
      return sql`(${filterSql(filter.part)}) is not true`
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => sql`(${filterSql(part)})`)
      return sql`${sql.join(parts, filter.kind === 'and' ? sql` and ` : sql` or `)}`
    }
  }
}

function conditionSql({ field, key, comparison, values }: Condition): RawBuilder<boolean> {
  const column = sql.raw(field.column)
  const [first = ''] = values
  if (field.kind === 'metadata') {
    const parts = values.map((value) => sql`metadata @> ${JSON.stringify({ [key]: value })}::jsonb`)
    return sql`${sql.join(parts, sql` or `)}`
  }
  if (field.kind === 'account') return accountSql(column, comparison, values)
  if (field.kind === 'parent') {
    const ids = values.map(
      (address) => sql`(select id from tallystick.accounts where address = ${address})`,
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
  if (kind === 'time' || kind === 'whole') return type
  if (kind === 'code') return 'integer'
  return kind === 'boolean' ? 'boolean' : 'text'
}

/** By its slot: found first, so that the rest is a look-up of a number. */
function accountSql(
  column: RawBuilder<unknown>,
  comparison: Condition['comparison'],
  values: readonly Value[],
): RawBuilder<boolean> {
  const [first = ''] = values
  if (comparison === 'prefix') {
    const slots = sql`select slot from tallystick.accounts where ${prefixSql(sql`address`, String(first))}`
    return sql`${column} in (${slots})`
  }
  if (comparison === 'eq') {
    return sql`${column} = (select slot from tallystick.accounts where address = ${first})`
  }
  const slots = sql`select slot from tallystick.accounts where address = any(${[...values]}::text[])`
  return sql`${column} = any(array(${slots}))`
}

/** Whole leading segments: `users:1` also finds `users:1:wallet`, and not `users:10`. */
export function prefixSql(column: RawBuilder<unknown>, prefix: string): RawBuilder<boolean> {
  const whole = prefix.replace(/:$/, '')
  if (whole === '') return sql`true`
  // `;` is the character behind `:`.
  return sql`(${column} = ${whole} or (${column} >= ${`${whole}:`} and ${column} < ${`${whole};`}))`
}
