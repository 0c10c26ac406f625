import { embeddedSource, freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  FilterRefused,
  parseFilter,
  type QueryResource,
  runQuery,
  filterOfText,
} from '../src/index.ts'
import { fill, follow } from './followed.ts'
import { fits, naiveRows } from './naive-query.ts'
import { filtersOf } from './random-filters.ts'
import { secondWay } from './second-way.ts'

const RESOURCES: readonly QueryResource[] = ['accounts', 'transfers', 'entries', 'holds']
const FILTERS = 150

test('every filter finds what a look at each row finds, page by page, in both ways in which it is asked', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const followed = await follow(embeddedSource())
  await fill(followed, prng, 40)
  const { models, ledger } = followed
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  const rows = naiveRows(ledger)
  const counts = { answered: 0, found: 0, refused: 0 }
  for (const resource of RESOURCES) {
    const makeFilter = filtersOf(prng, resource, rows[resource])
    for (let round = 0; round < FILTERS; round++) {
      const json = makeFilter(2)
      const isDown = prng.once(2)
      const keys = await pages(resource, json, { isDown, limit: 1 + prng.below(40) })
      const about = `seed ${seed}: ${resource} ${JSON.stringify(json)}`
      if (keys === undefined) {
        counts.refused++
        continue
      }
      const expected = rows[resource].filter((row) => fits(row, json)).map(({ key }) => key)
      expect(keys, `of ${about}`).toEqual(isDown ? expected.toReversed() : expected)
      counts.answered++
      counts.found += keys.length
    }
  }
  // Neither side of the test may be empty.
  expect(counts.answered, `seed ${seed}`).toBeGreaterThan(100)
  expect(counts.found, `seed ${seed}`).toBeGreaterThan(100)
  expect(counts.refused, `seed ${seed}`).toBeGreaterThan(20)

  /** undefined: refused, since no index leads there. */
  async function pages(
    resource: QueryResource,
    json: object,
    { isDown, limit }: { readonly isDown: boolean; readonly limit: number },
  ): Promise<string[] | undefined> {
    const name = resource === 'accounts' ? 'created_at' : 'sequence'
    const query = { filter: parseFilter(resource, json), sort: isDown ? `-${name}` : name, limit }
    const keys: string[] = []
    const pool = prng.once(2) ? models.pool : secondWay(models.pool)
    try {
      for (let after: string | undefined; ;) {
        const asked = { ...query, ...(after === undefined ? {} : { after }) }
        const found = await runQuery(pool, resource, asked)
        keys.push(...found.rows.map(({ key }) => key))
        if (found.rows.length < limit) return keys
        after = found.rows.at(-1)?.key
      }
    } catch (error) {
      if (error instanceof FilterRefused && error.reason === 'no_index') return undefined
      throw error
    }
  }
})

const TEXTS: readonly (readonly [QueryResource, string, object])[] = [
  ['transfers', 'code=10', { field: 'code', eq: 10 }],
  ['transfers', 'code=10,11', { field: 'code', in: [10, 11] }],
  [
    'transfers',
    'code!=10;amount>=1000',
    { and: [{ not: { field: 'code', eq: 10 } }, { field: 'amount', gte: '1000' }] },
  ],
  ['accounts', 'address^=users:', { field: 'address', prefix: 'users:' }],
  ['accounts', 'closed=true', { field: 'closed', eq: true }],
  ['holds', 'metadata.cart=c-7', { field: 'metadata.cart', eq: 'c-7' }],
  ['holds', 'metadata.n=7', { field: 'metadata.n', eq: 7 }],
  ['holds', 'metadata.n="7"', { field: 'metadata.n', eq: '7' }],
  ['holds', String.raw`metadata.a\=b=x\;y\,z`, { field: 'metadata.a=b', eq: 'x;y,z' }],
  ['entries', 'timestamp<2026-11-26T00:00:00Z', { field: 'timestamp', lt: '2026-11-26T00:00:00Z' }],
]

test.each(TEXTS)('%s: the text %s is that filter', (resource, text, json) => {
  expect(filterOfText(resource, text)).toEqual(json)
  expect(parseFilter(resource, json)).toBeDefined()
})

const WRONG: readonly (readonly [object, string, RegExp])[] = [
  [{}, 'filter', /exactly one of and, or, not and field/],
  [{ field: 'colour', eq: 'red' }, 'filter.field', /must be one of asset, code, metadata\.NAME/],
  [{ field: 'code' }, 'filter', /needs one of eq, in, gt/],
  [{ field: 'code', eq: '10' }, 'filter.eq', /must be a whole number up to 65535/],
  [{ field: 'code', prefix: 1 }, 'filter.prefix', /cannot be asked of code/],
  [{ field: 'code', near: 1 }, 'filter.near', /not known here/],
  [{ field: 'amount', gte: 1000 }, 'filter.gte', /whole number as text/],
  [{ field: 'timestamp', gte: 'yesterday' }, 'filter.gte', /a time like/],
  [{ field: 'kind', eq: 'stolen' }, 'filter.eq', /must be one of posted, held/],
  [{ and: [] }, 'filter.and', /a list that is not empty/],
  [{ and: [{ field: 'code', eq: 1 }, { or: [7] }] }, 'filter.and[1].or[0]', /must be an object/],
  [{ field: 'code', in: Array.from({ length: 101 }, () => 1) }, 'filter.in', /more than 100/],
]

test.each(WRONG)('%j is refused at %s', (json, param, message) => {
  const refused = (): unknown => {
    try {
      return parseFilter('transfers', json)
    } catch (error) {
      return error
    }
  }
  expect(refused()).toBeInstanceOf(FilterRefused)
  expect(refused()).toMatchObject({ param, message: expect.stringMatching(message) as string })
})
