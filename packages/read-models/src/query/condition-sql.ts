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
    const ids = sql`select id from tallystick.accounts where address = any(${[...values]}::text[]) and ${reachSql(sql`address`, reach)}`
    return sql`${column} = any(array(${ids}))`
  }
  if (comparison === 'prefix') return prefixSql(column, String(first))
  const type = typeOf(field)
  const fitting = type === 'bigint' ? values.map(withinBigint) : [...values]
  if (comparison === 'in') return sql`${column} = any(${fitting}::${sql.raw(type)}[])`
  const sign = comparison === 'eq' ? '=' : SIGNS[comparison]
  return sql`${column} ${sql.raw(sign)} ${fitting[0]}::${sql.raw(type)}`
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

/** Its events, the first to the last of them: no others lie between. */
function requestSql(column: RawBuilder<unknown>, ids: readonly Value[]): RawBuilder<boolean> {
  const parts = ids.map((id) => {
    const edge = (name: 'sequence' | 'last_sequence'): RawBuilder<unknown> =>
      sql`(select ${sql.raw(name)} from tallystick.requests where id = ${id} limit 1)`
    return sql`(${column} >= ${edge('sequence')} and ${column} <= ${edge('last_sequence')})`
  })
  return sql`(${sql.join(parts, sql` or `)})`
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
