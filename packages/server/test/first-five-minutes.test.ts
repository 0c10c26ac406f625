import { expect, test } from 'vitest'

import { BOOKS, FEES, openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

const EMPTY = {
  ...{ debits_pending: '0', debits_posted: '0', credits_pending: '0', credits_posted: '0' },
  ...{ balance: '0', available: '0' },
}

test('an account opens empty', async () => {
  const { call } = await testServer()
  const flags = ['debits_must_not_exceed_credits']
  const body = { address: WALLET, asset: 'EUR/2', code: 100, flags }
  const { status, json } = await call('POST', '/v1/accounts', body)
  expect(status).toBe(201)
  expect(json).toEqual({
    ...{ object: 'account', address: WALLET, asset: 'EUR/2', code: 100, flags, parent: null },
    ...{ limit: '0', subtree_limit: null, closed: false, balances: EMPTY, entries: '0' },
    ...{ metadata: {}, id: expect.any(String), created_at: expect.any(String) },
    request_id: expect.stringMatching(/^req_/),
  })
  expect(Object.keys(json)).toEqual(
    'object address id asset code flags parent limit subtree_limit closed balances entries metadata created_at request_id'.split(
      ' ',
    ),
  )
})

test('an increment brings money from the world, which opens by itself', async () => {
  const { call } = await testServer()
  await call('POST', '/v1/accounts', { address: WALLET, asset: 'EUR/2' })
  const body = { amount: '10000', metadata: { why: 'top-up' } }
  const { status, json } = await call('POST', `/v1/accounts/${WALLET}/increments`, body)
  expect(status).toBe(201)
  expect(json).toMatchObject({
    ...{ object: 'transfer', status: 'created', debit_account: 'world:EUR-2' },
    ...{ credit_account: WALLET, amount: '10000', asset: 'EUR/2', code: 1, kind: 'posted' },
    ...{ pending_id: null, timeout_seconds: null, metadata: { why: 'top-up' } },
  })
  expect(json.request_id).toMatch(/^req_/)
  expect(Object.keys(json.balances)).toEqual([WALLET, 'world:EUR-2'])
  expect(json.balances[WALLET]).toMatchObject({ credits_posted: '10000', balance: '10000' })
  expect(json.balances['world:EUR-2'].balance).toBe('-10000')
})

test('the same key gives the same answer again', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const key = { 'idempotency-key': 'order-17' }
  const first = await call('POST', '/v1/transfers', PAYMENT, key)
  const again = await call('POST', '/v1/transfers', PAYMENT, key)
  expect(first.status).toBe(201)
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect([again.status, again.text]).toEqual([first.status, first.text])
})

test('a refusal for lack of money says what was needed and what there is', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', PAYMENT)
  const { status, json, headers } = await call('POST', '/v1/transfers', {
    ...PAYMENT,
    amount: '999999',
  })
  expect(status).toBe(422)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(json).toMatchObject({
    ...{ type: '/docs/errors#exceeds_credits', title: 'Not enough credit', status: 422 },
    ...{ code: 'exceeds_credits', param: 'amount', account: WALLET },
    detail: `${WALLET} has 7500 EUR/2 available; 999999 was asked for.`,
    ...{ needed: '999999', available: '7500', limit: '0' },
  })
})

test('an account that does not exist is named, or opened when asked', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const toNobody = { ...PAYMENT, credit_account: 'nobody:yet' }
  const refused = await call('POST', '/v1/transfers', toNobody)
  expect([refused.status, refused.json.code, refused.json.param]).toEqual([
    ...[422, 'credit_account_not_found', 'credit_account'],
  ])
  expect(refused.json.detail).toContain('nobody:yet')
  const opened = await call('POST', '/v1/transfers', { ...toNobody, open_missing: true })
  expect(opened.json.balances['nobody:yet'].balance).toBe('2500')
})

test('a transaction moves all its postings or none', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const posting = { source: WALLET, destination: BOOKS, amount: '900', asset: 'EUR/2' }
  const postings = [posting, { ...posting, destination: FEES, amount: '100' }]
  const body = { postings, reference: 'order-18', metadata: { cart: 'c-7' } }
  const { status, json } = await call('POST', '/v1/transactions', body)
  expect(status).toBe(201)
  expect(json).toMatchObject({ object: 'transaction', status: 'created', reference: 'order-18' })
  expect(json.transfers.map((each: { amount: string }) => each.amount)).toEqual(['900', '100'])
  expect(json.balances[WALLET].balance).toBe('9000')
  expect(json.id).toBe(json.transfers[0].id)

  const tooMuch = [posting, { ...posting, amount: '999999' }]
  const refused = await call('POST', '/v1/transactions', { postings: tooMuch })
  expect([refused.status, refused.json.param]).toEqual([422, 'postings[1].amount'])
  const { json: after } = await call('GET', `/v1/accounts/${WALLET}`)
  expect(after.balances.balance).toBe('9000')
})

test('a hold is captured in parts, captured whole, or voided', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const asked = { ...PAYMENT, amount: '3000', timeout_seconds: 600 }
  const { json: hold } = await call('POST', '/v1/holds', asked)
  expect(hold).toMatchObject({
    ...{ object: 'hold', status: 'pending', held: '3000', captured: '0', remaining: '3000' },
  })
  const expires = BigInt(Date.parse(hold.expires_at)) - BigInt(Date.parse(hold.timestamp))
  expect(expires).toBe(600_000n)
  const capture = `/v1/holds/${hold.id}/capture`
  const part = await call('POST', capture, { amount: '1000', final: false })
  expect(part.json).toMatchObject({ status: 'pending', captured: '1000', remaining: '2000' })
  const rest = await call('POST', capture, {})
  expect(rest.json).toMatchObject({ status: 'captured', captured: '3000', remaining: '0' })

  const { json: other } = await call('POST', '/v1/holds', asked)
  const voided = await call('POST', `/v1/holds/${other.id}/void`)
  expect(voided.json).toMatchObject({ status: 'voided', captured: '0', remaining: '0' })
})

test('the history has every entry, and its balances add up', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', PAYMENT)
  const from = '2020-01-01T00:00:00Z'
  const path = `/v1/accounts/${WALLET}/entries?from=${from}&to=2099-12-01T00:00:00Z&limit=50`
  const { json } = await call('GET', path)
  expect(json).toMatchObject({ has_more: false, next_cursor: null })
  expect(json.data).toMatchObject([
    ...[{ object: 'entry', account: WALLET, number: '2', direction: 'debit', amount: '2500' }],
    ...[{ direction: 'credit', amount: '10000', balance: '10000', counterparty: 'world:EUR-2' }],
  ])
  const balance = await call('GET', `/v1/accounts/${WALLET}/balance?at=${json.data[1].timestamp}`)
  expect(balance.json.balances).toMatchObject({ balance: '10000', available: '10000' })
})
