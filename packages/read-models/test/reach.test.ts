/** Questions of who may see only some accounts: his answer is what a look at each row of the whole answer leaves of it. */
import { embeddedSource, freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  agedHoldsReport,
  balancesReport,
  FilterRefused,
  moversReport,
  parseFilter,
  type QueryResource,
  runQuery,
} from '../src/index.ts'
import { fill, follow } from './followed.ts'
import { fits, type NaiveRow, naiveRows } from './naive-query.ts'
import { filtersOf } from './random-filters.ts'

const RESOURCES: readonly QueryResource[] = ['accounts', 'transfers', 'entries', 'holds']
const READERS = 25
const FILTERS = 12
const LATEST = (1n << 63n) - 1n

/** As grants have them: some accounts, some subtrees, some that are not there; now and then all or none. */
function randomReach(prng: Prng, addresses: readonly string[]): string[] {
  if (prng.once(15)) return []
  if (prng.once(15)) return ['*']
  return Array.from({ length: 1 + prng.below(4) }, () => {
    const segments = prng.pick(addresses).split(':')
    const some = segments.slice(0, 1 + prng.below(segments.length)).join(':')
    if (prng.once(8)) return `${some.slice(0, -1) || 'x'}:*`
    return prng.once(3) ? some : `${some}:*`
  })
}

const sees = (reach: readonly string[], address: unknown): boolean =>
  reach.some((pattern) => {
    if (pattern === '*' || pattern === address) return true
    const below = pattern.endsWith(':*') ? pattern.slice(0, -2) : undefined
    return below !== undefined && (address === below || String(address).startsWith(`${below}:`))
  })

const SIDES = {
  ...{ accounts: ['address'], entries: ['account'] },
  ...{ transfers: ['debit_account', 'credit_account'], holds: ['debit_account', 'credit_account'] },
} as const

/** A parent that he does not see is none to him. */
function shownTo(reach: readonly string[], row: NaiveRow): NaiveRow {
  return row['parent'] === undefined || sees(reach, row['parent'])
    ? row
    : { ...row, parent: undefined }
}

test('whoever sees only some accounts finds what a look at each row leaves, and no filter tells him more', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const followed = await follow(embeddedSource())
  await fill(followed, prng, 40)
  const { models, ledger } = followed
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  const rows = naiveRows(ledger)
  const addresses = rows.accounts.map(({ address }) => String(address))
  let found = 0
  for (let reader = 0; reader < READERS; reader++) {
    const reach = randomReach(prng, addresses)
    for (const resource of RESOURCES) {
      const visible = rows[resource]
        .filter((row) => SIDES[resource].some((side) => sees(reach, row[side])))
        .map((row) => shownTo(reach, row))
      const makeFilter = filtersOf(prng, resource, rows[resource])
      for (let round = 0; round < FILTERS; round++) {
        const json = prng.once(6) ? undefined : makeFilter(2)
        const keys = await pages(resource, json, { reach, limit: 1 + prng.below(40) })
        const fitting = visible.filter((row) => json === undefined || fits(row, json))
        const expected = keys === undefined ? undefined : fitting.map(({ key }) => key)
        const about = `seed ${seed}: ${resource} ${JSON.stringify(json)} for ${reach.join(' ')}`
        expect(keys, `of ${about}`).toEqual(expected)
        found += keys?.length ?? 0
      }
    }
  }
  expect(found, `seed ${seed}`).toBeGreaterThan(100)

  /** Oldest first, page by page; undefined: refused, since no index leads there. */
  async function pages(
    resource: QueryResource,
    json: object | undefined,
    { reach, limit }: { readonly reach: readonly string[]; readonly limit: number },
  ): Promise<string[] | undefined> {
    const sort = resource === 'accounts' ? 'created_at' : 'sequence'
    const filter = json === undefined ? {} : { filter: parseFilter(resource, json) }
    const keys: string[] = []
    try {
      for (let after: string | undefined; ;) {
        const from = after === undefined ? {} : { after }
        const page = await runQuery(models.pool, resource, {
          ...filter,
          ...from,
          sort,
          limit,
          reach,
        })
        keys.push(...page.rows.map(({ key }) => key))
        if (page.rows.length < limit) return keys
        after = page.rows.at(-1)?.key
      }
    } catch (error) {
      if (error instanceof FilterRefused && error.reason === 'no_index') return undefined
      throw error
    }
  }
})

test('reports count what he sees, and nothing else', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const followed = await follow(embeddedSource())
  await fill(followed, prng, 40)
  const { models, ledger } = followed
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  const { accounts, holds } = naiveRows(ledger)
  const addresses = accounts.map(({ address }) => String(address))
  const [asset = ''] = accounts.map((row) => String(row['asset']))
  for (let reader = 0; reader < READERS; reader++) {
    const reach = randomReach(prng, addresses)
    const about = `for ${reach.join(' ')}`
    const each = { groupBy: 16, reach } as const
    const whole = await balancesReport(models.pool, { groupBy: 16 })
    const past = prng.once(2) ? { at: LATEST } : {}
    const own = await balancesReport(models.pool, { ...each, ...past })
    expect(own.rows, `seed ${seed}: ${about}`).toEqual(
      whole.rows.filter(({ group }) => sees(reach, group)),
    )
    const asked = { asset, from: 0n, to: LATEST, limit: 1_000 }
    const movers = await moversReport(models.pool, asked)
    expect(
      (await moversReport(models.pool, { ...asked, reach })).rows,
      `seed ${seed}: ${about}`,
    ).toEqual(movers.rows.filter(({ address }) => sees(reach, address)))
    const open = holds.filter(
      (row) => row['status'] === 'pending' && SIDES.holds.some((side) => sees(reach, row[side])),
    )
    const aged = await agedHoldsReport(models.pool, ledger.lastTimestamp, reach)
    const held = aged.rows.reduce((sum, row) => sum + BigInt(row.remaining), 0n)
    expect(held, `seed ${seed}: ${about}`).toBe(
      open.reduce((sum, row) => sum + BigInt(row['remaining'] ?? 0), 0n),
    )
    const count = aged.rows.reduce((sum, row) => sum + Number(row.holds), 0)
    expect(count, `seed ${seed}: ${about}`).toBe(open.length)
  }
})
