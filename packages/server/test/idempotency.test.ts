import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { startServer } from '../src/index.ts'
import {
  balanceOf,
  BOOKS,
  callerOf,
  openWallet,
  PAYMENT,
  type Reply,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'

const key = (name: string): Record<string, string> => ({ 'idempotency-key': name })

function shown({ status, json }: Reply): unknown {
  return [status, json]
}

test('one key a hundred times at once has one effect and one answer', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => call('POST', '/v1/transfers', PAYMENT, key('same'))),
  )
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
  expect(
    replies.filter(({ headers }) => headers.get('idempotent-replayed') !== 'true').length,
  ).toBe(1)
  expect(await balanceOf(call, WALLET)).toBe('7500')
})

test('one key a hundred times at once opens the world and the missing account once', async () => {
  const { call } = await testServer()
  const body = { ...PAYMENT, debit_account: 'world', open_missing: true }
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => call('POST', '/v1/transfers', body, key('same'))),
  )
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
  expect(await balanceOf(call, BOOKS)).toBe('2500')
})

test('a hundred requests that all open the same account all succeed', async () => {
  const { call } = await testServer()
  const body = { ...PAYMENT, amount: '1', debit_account: 'world', open_missing: true }
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => call('POST', '/v1/transfers', body)),
  )
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 201))
  expect(await balanceOf(call, BOOKS)).toBe('100')
})

test('the same key with another body is refused and does nothing', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', PAYMENT, key('k'))
  const other = await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' }, key('k'))
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused'])
  const elsewhere = await call('POST', '/v1/holds', PAYMENT, key('k'))
  expect([elsewhere.status, elsewhere.json.code]).toEqual([422, 'idempotency_key_reused'])
  expect(await balanceOf(call, WALLET)).toBe('7500')
})

test('what means the same is the same, however it is written', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { code, ...rest } = { ...PAYMENT, code: 1, metadata: { b: 1, a: [2] } }
  const first = await call('POST', '/v1/transfers', { code, ...rest }, key('k'))
  const turned = { mode: 'exact', ...rest, metadata: { a: [2], b: 1 } }
  const text = `  ${JSON.stringify(turned, undefined, 3)}\n`
  const again = await call('POST', '/v1/transfers', text, key('k'))
  expect(shown(again)).toEqual(shown(first))
})

test('a refusal is remembered: money that comes later does not change it', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const body = { ...PAYMENT, amount: '20000' }
  const first = await call('POST', '/v1/transfers', body, key('k'))
  expect(first.json.code).toBe('exceeds_credits')
  await call('POST', `/v1/accounts/${WALLET}/increments`, { amount: '50000' })
  const again = await call('POST', '/v1/transfers', body, key('k'))
  expect(shown(again)).toEqual(shown(first))
  expect(again.headers.get('idempotent-replayed')).toBe('true')
})

test('what never reached the ledger is not remembered', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const bad = await call('POST', '/v1/transfers', { ...PAYMENT, amount: 'x' }, key('k'))
  expect(bad.status).toBe(400)
  const good = await call('POST', '/v1/transfers', PAYMENT, key('k'))
  expect(good.status).toBe(201)
})

test.each([
  ['transfer', '/v1/transfers', PAYMENT],
  ['hold', '/v1/holds', { ...PAYMENT, timeout_seconds: 60 }],
  [
    'transaction',
    '/v1/transactions',
    { postings: [{ source: WALLET, destination: BOOKS, amount: '5', asset: 'EUR/2' }] },
  ],
])('a reference makes a %s happen once, and finds it', async (_kind, path, body) => {
  const { call } = await testServer()
  await openWallet(call)
  const asked = { ...body, reference: 'order "18" ~' }
  const first = await call('POST', path, asked)
  const again = await call('POST', path, asked)
  expect(shown(again)).toEqual(shown(first))
  const other = await call('POST', path, { ...asked, metadata: { changed: true } })
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused'])
  const found = await call('GET', `${path}?reference=${encodeURIComponent('order "18" ~')}`)
  expect(found.json.data.map(({ id }: { id: string }) => id)).toEqual([first.json.id])
  expect(found.json.data[0].reference).toBe('order "18" ~')
})

test('a reference of a batch is the same reference everywhere', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const transfer = { ...PAYMENT, reference: 'r-1' }
  const postings = [{ source: WALLET, destination: BOOKS, amount: '5', asset: 'EUR/2' }]
  const commands = [
    { operation: 'create_transfer', ...transfer },
    { operation: 'create_transaction', postings, reference: 't-1' },
  ]
  const batch = await call('POST', '/v1/batches', { commands })
  const alone = await call('POST', '/v1/transfers', transfer)
  expect([alone.status, alone.json.status, alone.json.id]).toEqual([
    ...[200, 'exists', batch.json.results[0].id],
  ])
  const transaction = await call('POST', '/v1/transactions', { postings, reference: 't-1' })
  expect([transaction.status, transaction.json.status, transaction.json.id]).toEqual([
    ...[200, 'exists', batch.json.results[1].id],
  ])
  const other = [{ ...postings[0], amount: '6' }]
  const differs = await call('POST', '/v1/transactions', { postings: other, reference: 't-1' })
  expect([differs.status, differs.json.code]).toEqual([422, 'idempotency_key_reused'])
  expect(await balanceOf(call, WALLET)).toBe('7495')
})

test('the same id and content exists, another content is a conflict', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const asked = { ...PAYMENT, id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07' }
  const first = await call('POST', '/v1/transfers', asked)
  const again = await call('POST', '/v1/transfers', asked)
  expect([again.status, again.json]).toEqual([200, { ...first.json, status: 'exists' }])
  const other = await call('POST', '/v1/transfers', { ...asked, amount: '1' })
  expect([other.status, other.json.code]).toEqual([409, 'exists_with_different_amount'])
})

test('first answers come again after a restart, word for word', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tally-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const open = () => startServer({ data: join(directory, 'data'), rootKey: ROOT_KEY })
  const one = await open()
  const before = callerOf(one.url)
  await openWallet(before)
  const { json: hold } = await before('POST', '/v1/holds', { ...PAYMENT, amount: '500' })
  const asks: readonly (readonly [string, string, unknown])[] = [
    ['POST', '/v1/transfers', PAYMENT],
    ['POST', '/v1/transfers', { ...PAYMENT, amount: '999999' }],
    ['POST', '/v1/transfers', { ...PAYMENT, credit_account: 'nobody:here' }],
    ['POST', '/v1/accounts', { address: 'a:new', asset: 'EUR/2', metadata: { x: 1 } }],
    ['PATCH', `/v1/accounts/${WALLET}`, { limit: '700', metadata: { vip: true } }],
    ['POST', `/v1/holds/${hold.id}/capture`, { amount: '200', final: false }],
    ['POST', `/v1/accounts/${BOOKS}/close`, {}],
    ['POST', '/v1/batches', { commands: [{ operation: 'reopen_account', account: BOOKS }] }],
  ]
  const first: Reply[] = []
  for (const [index, [method, path, body]] of asks.entries()) {
    first.push(await before(method, path, body, key(`k${index}`)))
  }
  await before('PATCH', `/v1/accounts/${WALLET}`, { limit: '1', metadata: {} })
  await before('POST', `/v1/accounts/${WALLET}/increments`, { amount: '1' })
  await one.close()

  const two = await open()
  onTestFinished(() => two.close())
  const after = callerOf(two.url)
  for (const [index, [method, path, body]] of asks.entries()) {
    const again = await after(method, path, body, key(`k${index}`))
    expect([path, again.text]).toEqual([path, first[index]?.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  }
})

test('a partial capture without a name happens once, another one needs a name', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { json: hold } = await call('POST', '/v1/holds', { ...PAYMENT, amount: '3000' })
  const capture = `/v1/holds/${hold.id}/capture`
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', capture, { amount: '1000', final: false })),
  )
  for (const { json } of replies)
    expect(json).toMatchObject({ captured: '1000', remaining: '2000' })
  const other = await call('POST', capture, { amount: '500', final: false })
  expect([other.status, other.json.code]).toEqual([400, 'idempotency_key_required'])
  const named = await call('POST', capture, { amount: '500', final: false, reference: 'parcel-2' })
  expect(named.json).toMatchObject({ captured: '1500', remaining: '1500' })
})
