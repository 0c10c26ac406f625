import { formatTime } from '@tallystick/contract'
import type { Pool } from '@tallystick/postgres'
import { freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  type Filter,
  FilterRefused,
  parseFilter,
  type QueryResource,
  runQuery,
  sortsOf,
} from '../src/index.ts'
import { comparisonsOf, type Field, fieldsOf } from '../src/query/fields.ts'
import type { QueryClient, QueryPool } from '../src/query/one-view.ts'
import { ACCOUNTS, BEGIN_NS, largeTables, MOVEMENTS } from './large-tables.ts'

const RESOURCES: readonly QueryResource[] = ['accounts', 'transfers', 'entries', 'holds']
const LIMIT = 50
/** Rows that a question may look at besides those that its indexed condition leads to: a tenth of what there is, of each side of an entry. */
const rowsMax = (resource: QueryResource): number =>
  resource === 'entries' ? MOVEMENTS / 5 : MOVEMENTS / 10
/** Looked at for each row that the indexed condition leads to: the planner may prefer an order that it need not sort. */
const ROWS_PER_LED_MAX = 12
const PAIRS = 80

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Rows that were looked at, below a node too. */
function looked(node: PlanNode): number {
  const isScan = node['Node Type'].endsWith('Scan')
  const own =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)
  const below = (node.Plans ?? []).reduce((sum, part) => sum + looked(part), 0)
  return below + (isScan ? own * node['Actual Loops'] : 0)
}

function describeNode(node: PlanNode): string {
  const name = node['Index Name'] ?? node['Relation Name'] ?? ''
  const parts = (node.Plans ?? []).map(describeNode).join(', ')
  return `${node['Node Type']} ${name}${parts === '' ? '' : `(${parts})`}`
}

/** What PostgreSQL says of a statement whose time is over. */
class Cancelled extends Error {
  readonly code = '57014'
}

/** A pool on which each question of a resource's rows is explained instead of answered. @param onPlan throws `Cancelled` for what would take too long. */
function explaining(pool: Pool, onPlan: (plan: PlanNode) => void): QueryPool {
  const connect = async (): Promise<QueryClient> => {
    const client = await pool.connect()
    const query: QueryClient['query'] = async (text, values) => {
      if (!text.includes(' as key')) return client.query(text, values)
      const explain = `explain (analyze, timing off, format json) ${text}`
      const { rows } = await client.query(explain, values)
      onPlan(rows[0]['QUERY PLAN'][0].Plan)
      return { rows: [] }
    }
    return { query, release: (failed) => client.release(failed) }
  }
  return { connect }
}

interface Asked {
  readonly resource: QueryResource
  readonly filter?: object
  readonly sort: string
  readonly after?: string
  readonly reach?: readonly string[]
}

/** @param led rows that the indexed condition leads to. @returns what reads too much in every way in which it is asked. */
async function tooMuch(
  pool: Pool,
  { resource, filter, ...rest }: Asked,
  led: number,
): Promise<string[]> {
  const found: string[] = []
  const explained = explaining(pool, (plan) => {
    const rows = looked(plan)
    if (rows <= rowsMax(resource) + ROWS_PER_LED_MAX * led) return
    found.push(`looks at ${rows} rows: ${describeNode(plan)}`)
    throw new Cancelled()
  })
  const parsed = filter === undefined ? {} : { filter: parse(resource, filter) }
  const query = { ...rest, ...parsed, limit: LIMIT }
  try {
    await runQuery(explained, resource, query)
    return []
  } catch (error) {
    if (!(error instanceof FilterRefused)) throw error
    return [
      `${resource} ${JSON.stringify({ filter, ...rest })}, led to ${led}: ${found.join('; ')}`,
    ]
  }
}

/** A reference is the number of its event. */
function parse(resource: QueryResource, filter: object): Filter {
  return parseFilter(resource, filter, (reference) => Number(reference.split('-')[1]))
}

async function ledTo(pool: Pool, resource: QueryResource, filter: object): Promise<number> {
  const query = { filter: parse(resource, filter), limit: 3 * MOVEMENTS }
  return (await runQuery(pool, resource, query)).rows.length
}

/** A value that some rows have, anywhere in the table. */
function valueOf({ kind, name }: Field, prng: Prng): unknown {
  const at = 1 + prng.below(MOVEMENTS / 8)
  if (kind === 'address' || kind === 'account' || kind === 'parent')
    return `users:${at % (kind === 'parent' ? 500 : ACCOUNTS)}:wallet`
  if (kind === 'time') return formatTime(BEGIN_NS + BigInt(at * 8) * 1_000_000_000n)
  if (kind === 'amount' || name === 'entries' || name === 'number') return `${at % 1_000}`
  if (kind === 'whole') return `${at * 8}`
  if (kind === 'code') return 1 + (at % 200)
  if (kind === 'request') return `req_${String(3 * at + 1).padStart(26, '0')}`
  if (kind === 'reference') return `order-${at}`
  if (kind === 'boolean') return prng.once(2)
  if (kind === 'asset') return 'EUR/2'
  return kind === 'metadata' ? `c-${at * 4}` : prng.pick(kind)
}

function conditionOf(field: Field, comparison: string, prng: Prng): object {
  const name = field.kind === 'metadata' ? 'metadata.cart' : field.name
  const value = valueOf(field, prng)
  const given = comparison === 'in' ? [value, valueOf(field, prng)] : value
  return { field: name, [comparison]: given }
}

interface AnyCondition {
  readonly resource: QueryResource
  readonly field: Field
  readonly comparison: string
  readonly sort: string
}

/** With each comparison that has an index, in each order. */
const everyCondition = (): AnyCondition[] =>
  RESOURCES.flatMap((resource) =>
    sortsOf(resource).flatMap((sort) =>
      fieldsOf(resource).flatMap((field) =>
        field.indexed.map((comparison) => ({ resource, field, comparison, sort })),
      ),
    ),
  )

test('each condition that has an index, in each order, from any place on, looks at few rows', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const pool = await largeTables()
  const found: string[] = []
  for (const { resource, field, comparison, sort } of everyCondition()) {
    const filter = conditionOf(field, comparison, prng)
    const after = afterOf(resource, sort, prng)
    found.push(...(await tooMuch(pool, { resource, filter, sort }, 0)))
    found.push(...(await tooMuch(pool, { resource, filter, sort, after }, 0)))
  }
  for (const { resource, sort, reach } of everyReach(prng)) {
    const after = afterOf(resource, sort, prng)
    found.push(...(await tooMuch(pool, { resource, sort, reach }, 0)))
    found.push(...(await tooMuch(pool, { resource, sort, reach, after }, 0)))
  }
  for (let pair = 0; pair < PAIRS; pair++) {
    const resource = prng.pick(RESOURCES)
    const fields = fieldsOf(resource)
    const indexed = prng.pick(fields.filter((field) => field.indexed.length > 0))
    const other = prng.pick(fields)
    const first = conditionOf(indexed, prng.pick(indexed.indexed), prng)
    const filter = { and: [first, conditionOf(other, prng.pick(comparisonsOf(other)), prng)] }
    const sort = prng.pick(sortsOf(resource))
    const led = await ledTo(pool, resource, first)
    found.push(...(await tooMuch(pool, { resource, filter, sort }, led)))
  }
  expect(found, `seed ${seed}`).toEqual([])
})

/** Of who sees one account, and of who sees some. */
function everyReach(prng: Prng): { resource: QueryResource; sort: string; reach: string[] }[] {
  const patterns = (count: number): string[] =>
    Array.from({ length: count }, () => `users:${prng.below(ACCOUNTS)}:*`)
  return RESOURCES.flatMap((resource) =>
    sortsOf(resource).flatMap((sort) =>
      [1, 20].map((count) => ({ resource, sort, reach: patterns(count) })),
    ),
  )
}

function afterOf(resource: QueryResource, sort: string, prng: Prng): string {
  const at = prng.below(MOVEMENTS)
  if (sort.endsWith('address')) return `users:${at % ACCOUNTS}:wallet`
  if (resource === 'accounts') return `${at % ACCOUNTS}`
  return resource === 'entries' ? `${at}:debit` : `${at}`
}
