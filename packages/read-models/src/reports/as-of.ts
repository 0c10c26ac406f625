/** The state of accounts at an event, in SQL: the account's newest entry up to it has all balances. Two look-ups per account, however long its history. */
import { type RawBuilder, sql } from 'kysely'

import { prefixSql } from '../query/prefix-sql.ts'
import { type Reach, reachSql } from '../query/reach-sql.ts'

/** Which accounts, and what they are added up by. */
export interface Grouping {
  /** Whole leading segments; undefined or '': all accounts. */
  readonly prefix?: string
  /** What who asks may see; nothing else is counted. */
  readonly reach?: Reach
  /** Leading segments of the address that make a group, 0 = all in one; or the account's code. */
  readonly groupBy: number | 'code'
}

export function groupSql({ groupBy }: Grouping): RawBuilder<string> {
  if (groupBy === 'code') return sql`a.code::text`
  if (groupBy === 0) return sql`''`
  return sql`array_to_string((string_to_array(a.address, ':'))[1:${sql.raw(`${groupBy}`)}], ':')`
}

export function whereSql({
  prefix = '',
  reach,
}: Pick<Grouping, 'prefix' | 'reach'>): RawBuilder<boolean> {
  return sql`(${prefixSql(sql`a.address`, prefix)} and ${reachSql(sql`a.address`, reach)})`
}

/** Joins `e`, the newest entry of account `a` up to an event; without one its columns are null. */
export const newestEntry = (sequence: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  left join lateral (
    select debits_pending, debits_posted, credits_pending, credits_posted from tallystick.entries
    where slot = a.slot and sequence <= ${sequence} order by sequence desc limit 1) e on true`

/** Newest event before a moment, ns; 0 = none. */
export const sequenceBefore = (ns: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  coalesce((select sequence from tallystick.movements where timestamp_ns < ${ns} order by timestamp_ns desc limit 1), 0)`

const BIGINT_MAX = (1n << 63n) - 1n
/** As PostgreSQL's bigint has it. */
export const nsText = (ns: bigint): string => `${ns > BIGINT_MAX ? BIGINT_MAX : ns}`
