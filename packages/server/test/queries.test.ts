import { expect, test } from 'vitest'

import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

/** A server with PostgreSQL and a few movements. */
async function start(): Promise<Call> {
  const path = scratchDirectory()
  const args = places(path).slice(0, -2)
  const call = callerOf(await urlOf(startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY })))
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
  return call
}

test('what a request made is found by its id, and by its reference, which is the caller’s own', async () => {
  const call = await start()
  const asked = { debit_account: 'users:1:wallet', amount: '1', asset: 'EUR/2', code: 12 }
  const named = { ...asked, credit_account: 'users:2:wallet', reference: 'order-1' }
  const paid = await call('POST', '/v1/transfers', named)
  const held = await call('POST', '/v1/holds', { ...named, reference: 'hold-1' })
  const batch = await call('POST', '/v1/transactions', {
    postings: ['users:2:wallet', 'users:10:wallet'].map((destination) => ({
      ...{ source: 'users:1:wallet', destination, amount: '2', asset: 'EUR/2' },
    })),
  })
  const headers = { 'ledger-min-sequence': batch.headers.get('ledger-sequence') ?? '' }
  const ids = async (resource: string, filter: object): Promise<unknown[]> => {
    const { json } = await call('POST', `/v1/${resource}/query`, { filter }, headers)
    return (json.data as Rows).map((row) => row['id'] ?? row['transfer_id'])
  }
  expect(await ids('transfers', { field: 'reference', eq: 'order-1' })).toEqual([paid.json.id])
  expect(await ids('holds', { field: 'reference', in: ['hold-1', 'none'] })).toEqual([held.json.id])
  expect(await ids('holds', { field: 'reference', eq: 'order-1' })).toEqual([])
  const request = { field: 'request_id', eq: paid.json.request_id as string }
  expect(await ids('transfers', request)).toEqual([paid.json.id])
  expect(await ids('entries', request)).toEqual([paid.json.id, paid.json.id])
  const both = { field: 'request_id', in: [held.json.request_id, batch.json.request_id] }
  expect(await ids('transfers', both)).toHaveLength(3)
  expect(await ids('holds', both)).toEqual([held.json.id])
  const text = await call('GET', '/v1/transfers?filter=reference%3Dorder-1;code%3D12')
  expect((text.json.data as Rows).map(({ id }) => id)).toEqual([paid.json.id])
  const wrong = await call('POST', '/v1/entries/query', {
    filter: { field: 'request_id', eq: 'x' },
  })
  expect(wrong.json).toMatchObject({ code: 'invalid_field', param: 'filter.eq' })
})

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

test('what cannot be asked is refused with a sentence', async () => {
  const call = await start()
  for (const [path, body, status, code, detail] of REFUSED) {
    const answer = await call(body === undefined ? 'GET' : 'POST', path, body)
    expect(answer.json, `asked of ${path}`).toMatchObject({ status, code })
    expect(answer.json.detail).toMatch(detail)
  }
})

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
