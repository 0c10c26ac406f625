/** Runs a question: which rows, in which order, from where on; in one view of the tables, whose position is told with them. */
import { type RawBuilder, sql } from 'kysely'

import { QUERY_FIRST_MS, QUERY_MS_MAX } from '../limits.ts'
import { filterSql } from './condition-sql.ts'
import { type QueryResource, sortsOf } from './fields.ts'
import { type Filter, FilterRefused } from './filter.ts'
import { checkIndexed } from './index-check.ts'
import { ask, askWithin, inOneView, type QueryPool } from './one-view.ts'
import { type Reach, type ReachedSlots, reachedSlots, reachSql } from './reach-sql.ts'

export interface Query {
  readonly filter?: Filter
  /** One of `sortsOf`; default: its first. */
  readonly sort?: string
  /** `key` of the last row that was seen. */
  readonly after?: string
  readonly limit: number
  /** What who asks may see: only such accounts, their entries, and transfers and holds of which one side is such an account. */
  readonly reach?: Reach
}

/** Where a row is in the book: the ledger itself shows it. */
export interface FoundRow {
  /** Of an account, or of the entry's account. */
  readonly slot: number
  /** Of the event; of an account: that opened it. */
  readonly sequence: number
  /** ns; of the event. */
  readonly timestamp: bigint
  readonly direction: string
  /** Its place in the order. */
  readonly key: string
}

export interface Found {
  readonly rows: readonly FoundRow[]
  /** Newest event that was in the tables. */
  readonly sequence: number
}

interface Source {
  readonly table: string
  readonly slot: string
  readonly direction: string
  /** What the resource leaves out of the table. */
  readonly where?: string
}

const SOURCES: Readonly<Record<QueryResource, Source>> = {
  accounts: { table: 'accounts', slot: 'slot', direction: "''" },
  transfers: {
    table: 'movements',
    slot: 'debit_slot',
    direction: "''",
    where: "kind <> 'expired'",
  },
  entries: { table: 'entries', slot: 'slot', direction: 'direction' },
  holds: { table: 'holds', slot: 'debit_slot', direction: "''" },
}

/** @throws FilterRefused `no_index`, `too_slow`; DatabaseUnavailable */
export async function runQuery(
  pool: QueryPool,
  resource: QueryResource,
  query: Query,
): Promise<Found> {
  checkIndexed(resource, query.filter)
  assertSort(resource, query)
  const view = await inOneView(pool, QUERY_MS_MAX, async (one) => {
    const slots = resource === 'accounts' ? undefined : await reachedSlots(one, query.reach)
    const any = selectSql(resource, query, { slots, way: 'any' })
    if (query.filter === undefined && query.reach === undefined) return ask(one, any)
    const quick = await askWithin(one, QUERY_FIRST_MS, any)
    return quick ?? ask(one, selectSql(resource, query, { slots, way: 'led' }))
  })
  return { rows: view.result.map(foundRow), sequence: view.sequence }
}

interface Row {
  readonly slot: number
  readonly sequence: string
  readonly timestamp_ns: string
  readonly direction: string
  readonly key: string
}

const foundRow = ({ slot, sequence, timestamp_ns, direction, key }: Row): FoundRow => ({
  ...{ slot, direction, key, sequence: Number(sequence), timestamp: BigInt(timestamp_ns) },
})

/** @throws FilterRefused when the sort is not known. */
function assertSort(resource: QueryResource, { sort }: Query): void {
  const sorts = sortsOf(resource)
  if (sort === undefined || sorts.includes(sort)) return
  throw new FilterRefused('invalid', 'sort', `sort must be one of ${sorts.join(', ')}.`)
}

/** Rows that who asks may see. */
function seenSql(
  resource: QueryResource,
  reach: Reach,
  slots: ReachedSlots | undefined,
): RawBuilder<boolean>[] {
  if (resource === 'accounts') {
    return reach === undefined ? [] : [reachSql(sql`address`, reach)]
  }
  if (slots === undefined) return []
  if (resource === 'entries') return [slots('slot')]
  return [sql`(${slots('debit_slot')} or ${slots('credit_slot')})`]
}

/**
 * `any`: as PostgreSQL likes; with few rows wanted, it often walks the order and takes what fits, for a long time when what fits lies far away or is less than it thinks.
 * `led`: all that fits, by the best index, and only then sorted. One of the two is quick unless very many rows fit the indexed conditions and very few the others.
 */
type Way = 'any' | 'led'

function selectSql(
  resource: QueryResource,
  query: Query,
  { slots, way }: { readonly slots: ReachedSlots | undefined; readonly way: Way },
): RawBuilder<Row> {
  const { filter, after, limit, reach } = query
  const { sort = sortsOf(resource)[0] ?? '' } = query
  const { table, slot, direction, where } = SOURCES[resource]
  const order = orderOf(resource, sort)
  const conditions = [
    ...(where === undefined ? [] : [sql.raw(where)]),
    ...seenSql(resource, reach, slots),
    ...(filter === undefined ? [] : [sql`(${filterSql(filter, reach)})`]),
    ...(after === undefined ? [] : [order.behind(after)]),
  ]
  const all = conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`
  const fitting = sql`${sql.raw(`tallystick.${table}`)}${all}`
  // What has an offset is not mixed with what is around it.
  const from = way === 'any' ? fitting : sql`(select * from ${fitting} offset 0) as led`
  return sql<Row>`select ${sql.raw(slot)} as slot, sequence, timestamp_ns, ${sql.raw(direction)} as direction, ${sql.raw(order.key)} as key
    from ${from} order by ${sql.raw(order.by)} limit ${limit}`
}

interface Order {
  readonly by: string
  /** Of a row, as text. */
  readonly key: string
  /** Condition for the rows behind that one. */
  readonly behind: (key: string) => RawBuilder<unknown>
}

function orderOf(resource: QueryResource, sort: string): Order {
  const isDown = sort.startsWith('-')
  const way = isDown ? 'desc' : 'asc'
  const sign = sql.raw(isDown ? '<' : '>')
  if (sort.endsWith('address')) {
    return {
      ...{ by: `address ${way}`, key: 'address' },
      behind: (key) => sql`address ${sign} ${key}`,
    }
  }
  if (resource === 'entries') {
    return {
      ...{ by: `sequence ${way}, direction ${way}`, key: "sequence || ':' || direction" },
      behind: (key) => {
        const [sequence = '0', direction = ''] = key.split(':')
        // The first condition leads to the place by the index, the second is exact.
        return sql`sequence ${sql.raw(isDown ? '<=' : '>=')} ${sequence}::bigint and (sequence, direction) ${sign} (${sequence}::bigint, ${direction})`
      },
    }
  }
  if (resource === 'accounts') {
    // Slots count accounts as they were opened.
    return {
      by: `slot ${way}`,
      key: 'slot::text',
      behind: (key) => sql`slot ${sign} ${key}::integer`,
    }
  }
  return {
    ...{ by: `sequence ${way}`, key: 'sequence::text' },
    behind: (key) => sql`sequence ${sign} ${key}::bigint`,
  }
}
