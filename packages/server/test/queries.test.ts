import { expect, test } from 'vitest'

import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import { grantee } from './keys.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

/** A server with PostgreSQL and a few movements. */
async function start(): Promise<Call> {
  return (await startWithUrl()).call
}

async function startWithUrl(): Promise<{ readonly call: Call; readonly url: string }> {
  const path = scratchDirectory()
  const args = places(path).slice(0, -2)
  const url = await urlOf(startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY }))
  const call = callerOf(url)
  await expect
    .poll(async () => (await call('GET', '/v1/read-models')).json.status, { timeout: 60_000 })
    .toBe('following')
  for (const user of ['users:1:wallet', 'users:10:wallet', 'users:2:wallet']) {
    await call('POST', '/v1/accounts', { address: user, asset: 'EUR/2', code: 100 })
    for (const [amount, cart] of [
      ['500', 'c-1'],
      ['900', 'c-2'],
    ]) {
      await call('POST', `/v1/accounts/${user}/increments`, {
        ...{ amount, code: 10, metadata: { cart, note: 'a;b' } },
      })
    }
  }
  await call('POST', '/v1/holds', {
    ...{ debit_account: 'users:1:wallet', credit_account: 'users:2:wallet' },
    ...{ amount: '100', asset: 'EUR/2', code: 11 },
  })
  return { call, url }
}

type Rows = readonly Record<string, unknown>[]

test('what fits is found, as the ledger shows it, once the read models are as far as was asked', async () => {
  const call = await start()
  const written = await call('POST', '/v1/accounts/users:1:wallet/decrements', { amount: '1' })
  const headers = { 'ledger-min-sequence': written.headers.get('ledger-sequence') ?? '' }
  const ask = async (path: string, body: object): Promise<Rows> => {
    const { status, json } = await call('POST', path, body, headers)
    expect(status, `answered ${JSON.stringify(json)}`).toBe(200)
    return json.data as Rows
  }
  const carts = await ask('/v1/transfers/query', {
    filter: {
      and: [
        { field: 'metadata.cart', eq: 'c-2' },
        { not: { field: 'credit_account', eq: 'users:2:wallet' } },
      ],
    },
    sort: 'sequence',
  })
  expect(carts.map((row) => row['credit_account'])).toEqual(['users:1:wallet', 'users:10:wallet'])
  expect(carts[0]).toEqual((await call('GET', `/v1/transfers/${String(carts[0]?.['id'])}`)).json)

  const users = await ask('/v1/accounts/query', {
    filter: { field: 'address', prefix: 'users:1' },
  })
  expect(users.map(({ address }) => address)).toEqual(['users:1:wallet'])
  expect(users[0]).toEqual((await call('GET', '/v1/accounts/users:1:wallet')).json)

  const holds = await ask('/v1/holds/query', { filter: { field: 'status', eq: 'pending' } })
  expect(holds).toMatchObject([{ object: 'hold', held: '100', status: 'pending' }])

  const entries = await ask('/v1/entries/query', {
    filter: { field: 'account', eq: 'users:1:wallet' },
  })
  expect(entries).toMatchObject([
    { direction: 'debit', amount: '1', balance: '1399' },
    { direction: 'debit', kind: 'held', balance: '1400' },
    { direction: 'credit', amount: '900', balance: '1400' },
    { direction: 'credit', amount: '500', balance: '500' },
  ])
})

test('a URL asks the same, page by page, and cursors belong to their list', async () => {
  const call = await start()
  const filter = encodeURIComponent(String.raw`code=10;amount>=600;metadata.note=a\;b`)
  const url = `/v1/transfers?filter=${filter}&limit=2`
  await expect.poll(async () => (await call('GET', url)).json).toMatchObject({ has_more: true })
  const { json: first } = await call('GET', url)
  expect(first).toMatchObject({ has_more: true })
  const { json: second } = await call('GET', `/v1/transfers?cursor=${String(first.next_cursor)}`)
  const amounts = [...(first.data as Rows), ...(second.data as Rows)].map(({ amount }) => amount)
  expect(amounts).toEqual(['900', '900', '900'])
  expect(second).toMatchObject({ has_more: false, next_cursor: null })
  const elsewhere = await call('GET', `/v1/holds?cursor=${String(first.next_cursor)}`)
  expect(elsewhere.json).toMatchObject({ code: 'invalid_cursor' })

  const sorted = await call('GET', '/v1/accounts?prefix=users&filter=code%3D100&sort=-address')
  expect((sorted.json.data as Rows).map(({ address }) => address)).toEqual([
    ...['users:2:wallet', 'users:1:wallet', 'users:10:wallet'].toSorted().toReversed(),
  ])
  const { json: entries } = await call('GET', '/v1/entries?filter=account%3Dusers:2:wallet')
  expect(entries.data).toHaveLength(3)
  const body = { filter: { field: 'code', eq: 10 }, limit: 4 }
  const { json: page } = await call('POST', '/v1/transfers/query', body)
  const { json: next } = await call('POST', '/v1/transfers/query', {
    ...{ ...body, cursor: page.next_cursor },
  })
  expect(next.data).toHaveLength(2)
  const other = { ...body, filter: { field: 'code', eq: 11 }, cursor: page.next_cursor }
  expect((await call('POST', '/v1/transfers/query', other)).json).toMatchObject({
    code: 'invalid_cursor',
  })
})

const REFUSED: readonly (readonly [string, object | undefined, number, string, RegExp])[] = [
  [
    '/v1/transfers/query',
    { filter: { field: 'amount', gte: '5' } },
    ...([422, 'query_without_index', /Add a condition on one of these.*debit_account/] as const),
  ],
  [
    '/v1/transfers/query',
    { filter: { field: 'colour', eq: 1 } },
    ...([400, 'invalid_field', /must be one of asset, code/] as const),
  ],
  ['/v1/holds/query', { sort: 'amount' }, 400, 'invalid_field', /sort must be one of/],
  ['/v1/holds/query', { filtre: {} }, 400, 'unknown_field', /filtre/],
  ['/v1/transfers?filter=colour', undefined, 400, 'invalid_parameter', /write it like code=10/],
  ['/v1/accounts?filter=balance<0', undefined, 422, 'query_without_index', /address \(eq/],
]

test('what cannot be asked, or is not all of it for whoever asks, is refused with a sentence', async () => {
  const server = await startWithUrl()
  const { call } = server
  for (const [path, body, status, code, detail] of REFUSED) {
    const answer = await call(body === undefined ? 'GET' : 'POST', path, body)
    expect(answer.json, `asked of ${path}`).toMatchObject({ status, code })
    expect(answer.json.detail).toMatch(detail)
  }
  await refusesForeign(server)
})

/** Whoever reaches a part of the addresses finds nothing of the rest by a filter, nor by another's cursor. */
async function refusesForeign(server: {
  readonly call: Call
  readonly url: string
}): Promise<void> {
  const mine = await grantee(server, 'mine', { role: 'viewer', addresses: ['users:1:*'] })
  const { call } = server
  const written = await call('POST', '/v1/accounts/users:1:wallet/decrements', { amount: '1' })
  const ledger = { 'ledger-min-sequence': written.headers.get('ledger-sequence') ?? '' }
  const found = await mine.call(
    'GET',
    '/v1/accounts?prefix=users:1&filter=code=100',
    undefined,
    ledger,
  )
  expect(found.json.data.map((row: { address: string }) => row.address)).toEqual(['users:1:wallet'])
  const page = async (path: string): Promise<string> =>
    (await call('GET', `${path}&limit=1`, undefined, ledger)).json.next_cursor
  const accounts = await page('/v1/accounts?filter=code=100')
  const below = await page('/v1/accounts?prefix=users&filter=code=100')
  const plain = await page('/v1/accounts?prefix=users')
  const transfers = await page('/v1/transfers?filter=code=10')
  for (const path of [
    ...['/v1/accounts?filter=code=100', '/v1/accounts?prefix=users&filter=code=100'],
    ...['/v1/transfers?filter=code=10', '/v1/holds?filter=code=11', '/v1/entries?filter=code=10'],
    ...[accounts, below, plain].map((cursor) => `/v1/accounts?cursor=${cursor}`),
    `/v1/transfers?cursor=${transfers}`,
  ]) {
    const { status, json } = await mine.call('GET', path)
    expect([path, status, json.code]).toEqual([path, 403, 'forbidden'])
  }
}

test('without PostgreSQL questions are 503, and the ledger’s own lists go on', async () => {
  const args = places(scratchDirectory())
  const call = callerOf(await urlOf(startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY })))
  const { status, json } = await call('POST', '/v1/transfers/query', {})
  expect(status).toBe(503)
  expect(json).toMatchObject({ code: 'read_models_unavailable' })
  expect((await call('GET', '/v1/transfers')).status).toBe(503)
  expect((await call('GET', '/v1/transfers?reference=r-1')).json).toMatchObject({ data: [] })
  expect((await call('GET', '/v1/accounts')).status).toBe(200)
})
