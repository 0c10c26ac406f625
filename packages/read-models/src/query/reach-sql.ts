/**
 * Which accounts a reader may see, as SQL: a part of the question itself, so that what he may not see is neither found nor counted. Patterns are those of
 * grants: `*` all, `partners:acme:*` that address and all below it, `partners:acme` that one.
 */
import { type RawBuilder, sql } from 'kysely'

import { REACHED_SLOTS_MAX } from '../limits.ts'
import { ask, type View } from './one-view.ts'
import { belowSql } from './prefix-sql.ts'

/** undefined: every account. */
export type Reach = readonly string[] | undefined

const BELOW = ':*'

/** @param column of SQL, with an address. */
export function reachSql(column: RawBuilder<unknown>, reach: Reach): RawBuilder<boolean> {
  if (reach === undefined || reach.includes('*')) return sql`true`
  const exact = reach.filter((pattern) => !pattern.endsWith(BELOW))
  const parts = [
    ...(exact.length === 0 ? [] : [sql`${column} = any(${exact}::text[])`]),
    ...reach
      .filter((pattern) => pattern.endsWith(BELOW))
      .map((pattern) => belowSql(column, pattern.slice(0, -BELOW.length))),
  ]
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`
}

/** Slots of the accounts that are reached, for conditions on rows that name accounts by their slots. */
export type ReachedSlots = (column: string) => RawBuilder<boolean>

/** Few are named one by one, so that an index of their movements can lead to the rows; many are asked for along with the rows. */
export async function reachedSlots(view: View, reach: Reach): Promise<ReachedSlots | undefined> {
  if (reach === undefined || reach.includes('*')) return undefined
  const slots = slotsSql(reach)
  const rows = await ask(view, sql<{ slot: number }>`${slots} limit ${REACHED_SLOTS_MAX + 1}`)
  if (rows.length > REACHED_SLOTS_MAX) return (column) => sql`${sql.raw(column)} in (${slots})`
  const named = rows.map(({ slot }) => slot)
  return (column) => sql`${sql.raw(column)} = any(${named}::integer[])`
}

export function slotsSql(reach: Reach): RawBuilder<unknown> {
  return sql`select slot from tallystick.accounts where ${reachSql(sql`address`, reach)}`
}
