import {
  type BatchAnswer,
  packBatch,
  PackedOperation,
  type PackedTransfer,
  unpackBatchAnswer,
} from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { expect, test } from 'vitest'

import {
  balanceOf,
  BOOKS,
  FEES,
  openWallet,
  PAYMENT,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'

const transfer = { operation: 'create_transfer', ...PAYMENT }
const tooMuch = { ...transfer, amount: '999999' }
const account = (address: string) => ({ operation: 'create_account', address, asset: 'EUR/2' })

interface Result {
  readonly status: string
}

const statuses = (results: readonly Result[]): string[] => results.map(({ status }) => status)

test('every command of a batch has its own status', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const commands = [
    account('b:1'),
    transfer,
    tooMuch,
    { operation: 'close_account', account: 'no' },
  ]
  const { status, json } = await call('POST', '/v1/batches', { commands })
  expect(status).toBe(200)
  expect(json).toMatchObject({ object: 'batch', atomic: false, count: 4, refused: 2 })
  expect(statuses(json.results)).toEqual([
    ...['created', 'created', 'exceeds_credits', 'account_not_found'],
  ])
  expect(json.results[2]).toMatchObject({ account: WALLET, needed: '999999', available: '7500' })
  expect(json.balances[WALLET].balance).toBe('7500')
})

test('an atomic batch happens whole or not at all, and names the command that refused', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const commands = [account('b:1'), transfer, tooMuch]
  const refused = await call('POST', '/v1/batches', { atomic: true, commands })
  expect([refused.status, refused.json.code, refused.json.param]).toEqual([
    ...[422, 'exceeds_credits', 'commands[2].amount'],
  ])
  expect((await call('GET', '/v1/accounts/b:1')).status).toBe(404)
  const done = await call('POST', '/v1/batches', { atomic: true, commands: commands.slice(0, 2) })
  expect(done.json).toMatchObject({ atomic: true, refused: 0 })
})

test('later commands see what earlier ones did', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const hold = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c01'
  const commands = [
    { operation: 'create_hold', ...PAYMENT, id: hold },
    { operation: 'capture_hold', hold, amount: '1000', final: false, reference: 'p1' },
    { operation: 'void_hold', hold },
    { operation: 'change_account', account: WALLET, limit: '500', metadata: { a: 1 } },
    { operation: 'close_account', account: BOOKS },
    transfer,
    { operation: 'reopen_account', account: BOOKS },
    { operation: 'register_asset', asset: 'PTS/0' },
    { operation: 'register_asset', asset: 'GEM/3' },
    { operation: 'close_books', asset: 'EUR/2', closed_until: '2020-01-01T00:00:00Z' },
  ]
  const { json } = await call('POST', '/v1/batches', { commands })
  expect(json).toMatchObject({ object: 'batch' })
  expect(statuses(json.results)).toEqual([
    ...['created', 'created', 'created', 'changed', 'changed'],
    ...['credit_account_already_closed', 'changed', 'created', 'created', 'changed'],
  ])
  const { json: shown } = await call('GET', `/v1/holds/${hold}`)
  expect(shown).toMatchObject({ status: 'voided', captured: '1000', remaining: '0' })
})

test('a transaction in a batch is one command', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const posting = { source: WALLET, destination: BOOKS, amount: '900', asset: 'EUR/2' }
  const postings = [posting, { ...posting, destination: FEES, amount: '100' }]
  const bad = [posting, { ...posting, amount: '999999' }]
  const commands = [
    { operation: 'create_transaction', postings },
    { operation: 'create_transaction', postings: bad },
    transfer,
  ]
  const { json } = await call('POST', '/v1/batches', { commands })
  expect(statuses(json.results)).toEqual(['created', 'exceeds_credits', 'created'])
  const { json: shown } = await call('GET', `/v1/transactions/${json.results[0].id}`)
  expect(shown.transfers.length).toBe(2)
  expect(await balanceOf(call, WALLET)).toBe('6500')
})

test('missing accounts open in a batch too', async () => {
  const { call } = await testServer()
  const from = { ...transfer, debit_account: 'world', open_missing: true }
  const commands = [from, from, { ...from, credit_account: 'b:2' }, account('b:2')]
  const { json } = await call('POST', '/v1/batches', { commands })
  expect(statuses(json.results)).toEqual(['created', 'created', 'created', 'exists'])
  expect(await balanceOf(call, BOOKS)).toBe('5000')
})

test('NDJSON goes in by the line and comes out by the line', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const lines = [transfer, tooMuch].map((each) => JSON.stringify(each)).join('\r\n')
  const type = { 'content-type': 'application/x-ndjson' }
  const { status, text, headers } = await call('POST', '/v1/batches', lines, type)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Result)
  expect(rows).toMatchObject([
    ...[
      { index: 0, status: 'created' },
      { index: 1, status: 'exceeds_credits' },
    ],
    { object: 'batch', count: 2, refused: 1 },
  ])
  const bad = await call('POST', '/v1/batches', `${lines}\n{"operation":"nothing"}`, type)
  expect([bad.status, bad.json.param]).toEqual([400, 'commands[2].operation'])
})

test('a batch with a key is answered again in full', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const key = { 'idempotency-key': 'b' }
  const first = await call('POST', '/v1/batches', { commands: [transfer, tooMuch] }, key)
  const again = await call('POST', '/v1/batches', { commands: [transfer, tooMuch] }, key)
  expect(again.text).toBe(first.text)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await balanceOf(call, WALLET)).toBe('7500')
})

const PACKED = 'application/vnd.tallystick.batch'

function packed(id: bigint, fields: Partial<PackedTransfer> = {}): PackedTransfer {
  return {
    ...{
      operation: PackedOperation.createTransfer,
      id,
      pendingId: 0n,
      effectiveAt: 0n,
      timeout: 0,
    },
    ...{ debitAccountId: accountIdOf(WALLET), creditAccountId: accountIdOf(BOOKS), amount: 100n },
    ...{ asset: 978, code: 1, flags: 0, metadata: new Uint8Array(0), ...fields },
  }
}

async function sendPacked(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: BatchAnswer | undefined; text: string }> {
  const authorization = `Bearer ${ROOT_KEY}`
  const reply = await fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: { authorization, 'content-type': PACKED, ...headers },
    body,
  })
  const bytes = new Uint8Array(await reply.arrayBuffer())
  const answer = reply.status === 200 ? unpackBatchAnswer(bytes) : undefined
  return { status: reply.status, answer, text: Buffer.from(bytes).toString() }
}

test('a packed batch is answered in the packed form, and again for its key', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  const body = packBatch([packed(1n), packed(2n, { amount: 1n << 100n }), packed(1n)], {
    atomic: false,
  })
  const first = await sendPacked(url, body, { 'idempotency-key': 'p' })
  expect([...(first.answer?.statuses ?? [])]).toEqual([0, 62, 16])
  const again = await sendPacked(url, body, { 'idempotency-key': 'p' })
  expect(again.answer).toEqual({ ...first.answer, replayed: true })
  expect(await balanceOf(call, BOOKS)).toBe('100')
})

test('an atomic packed batch happens whole or not at all', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  const body = packBatch([packed(1n), packed(2n, { amount: 1n << 100n })], { atomic: true })
  const { answer } = await sendPacked(url, body)
  expect([...(answer?.statuses ?? [])]).toEqual([1, 62])
  expect(await balanceOf(call, BOOKS)).toBe('0')
})

test.each([
  ['cut short', (body: Uint8Array<ArrayBuffer>) => body.slice(0, -1)],
  ['without its magic', (body: Uint8Array<ArrayBuffer>) => body.with(0, 0)],
  ['with an unknown operation', (body: Uint8Array<ArrayBuffer>) => body.with(32 + 100, 99)],
  ['with a release', (body: Uint8Array<ArrayBuffer>) => body.with(32 + 100, 2)],
  ['with data outside', (body: Uint8Array<ArrayBuffer>) => body.with(32 + 108, 255)],
  ['with reserved bytes', (body: Uint8Array<ArrayBuffer>) => body.with(32 + 120, 1)],
])('a packed batch %s is a 400', async (_what, spoil) => {
  const { url } = await testServer()
  const { status, text } = await sendPacked(url, spoil(packBatch([packed(1n)], { atomic: false })))
  expect([status, JSON.parse(text).code]).toEqual([400, 'malformed_batch'])
})

test('metadata of a packed batch that is no JSON is shown encoded', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  const metadata = Buffer.from('{"a":1},"balance":"9"')
  await sendPacked(url, packBatch([packed(7n, { metadata })], { atomic: false }))
  const { json } = await call('GET', '/v1/transfers/00000000-0000-0000-0000-000000000007')
  expect(json.metadata).toEqual({ base64: metadata.toString('base64') })
})
