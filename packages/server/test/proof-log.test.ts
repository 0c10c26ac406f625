import {
  formatVerifierKey,
  type PolicyOptions,
  type ReceiptReport,
  trustPolicy,
  type TileSource,
  verifyLog,
  verifyReceipt,
} from '@tallystick/verify'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

import {
  balanceOf,
  BOOKS,
  type Call,
  openWallet,
  PAYMENT,
  ROOT_KEY,
  testServer,
  WALLET,
} from './harness.ts'
import { Lives } from './lives.ts'

const run = promisify(execFile)
const VERIFY = fileURLToPath(new URL('../../verify/src/main.ts', import.meta.url))

async function policyOf(call: Call, more: Partial<PolicyOptions> = {}) {
  const { json } = await call('GET', '/v1/log')
  return trustPolicy({ keys: json.keys as string[], ...more })
}

const pay = async (call: Call, body: object = PAYMENT): Promise<string> => {
  const { status, json } = await call('POST', '/v1/transfers', body)
  expect(status).toBe(201)
  return json.id as string
}

async function proved(call: Call, id: string): Promise<NonNullable<ReceiptReport['shown']>> {
  const { status, text, headers } = await call('GET', `/v1/transfers/${id}/receipt`)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  const report = await verifyReceipt(text, await policyOf(call))
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  if (report.shown === undefined) throw new Error('the receipt shows nothing')
  return report.shown
}

/** The log as an auditor reads it. */
const sourceOf = (call: Call): TileSource => ({
  read: async (path) => {
    const { status, bytes } = await call('GET', `/v1/log/${path}`)
    return status === 404 ? undefined : bytes
  },
})

async function holdWhole(call: Call): Promise<void> {
  const report = await verifyLog({ source: sourceOf(call) }, await policyOf(call))
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
}

test('an auditor with an API key verifies the whole log of a running server', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  await proved(call, await pay(call))
  const key = (await policyOf(call)).logKeys.map(formatVerifierKey)
  const full = [VERIFY, 'full', `${url}/v1/log`, '--key', ...key]
  const { stdout } = await run(process.execPath, [...full, '--token', ROOT_KEY])
  expect(stdout).toMatch(/\nPROVED\n/)
  await expect(run(process.execPath, full)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('answers 401: reading it needs an API key'),
  })
})

test('a receipt proves at once what was paid, with both sides, and what became of a hold', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const id = await pay(call, { ...PAYMENT, metadata: { order: '17' } })
  expect(await proved(call, id)).toMatchObject({
    id,
    debit: { address: WALLET, amount: 2_500n },
    credit: { address: BOOKS, amount: 2_500n },
  })
  const held = await call('POST', '/v1/holds', { ...PAYMENT, amount: '30', timeout_seconds: 600 })
  await proved(call, held.json.id as string)
  const captured = await call('POST', `/v1/holds/${held.json.id}/capture`, { amount: '10' })
  await proved(call, (captured.json.transfer?.id ?? captured.json.id) as string)
  await holdWhole(call)
})

test('receipts are for transfers that there are, and need a key; the log itself needs none', async () => {
  const { call, url } = await testServer()
  await openWallet(call)
  const id = await pay(call)
  const missing = await call('GET', `/v1/transfers/${id.replace(/.$/, 'f')}/receipt`)
  expect([missing.status, missing.json.code]).toEqual([404, 'not_found'])
  await proved(call, id)
  const statusOf = async (path: string): Promise<number> => (await fetch(url + path)).status
  expect(await statusOf(`/v1/transfers/${id}/receipt`)).toBe(401)
  expect(await statusOf('/v1/log/tile/entries/000.p/1')).toBe(401)
  const open = ['/v1/log', '/v1/log/checkpoint', '/v1/log/tile/0/000.p/1']
  expect(await Promise.all(open.map(statusOf))).toEqual([200, 200, 200])
})

test.each([
  ['0/001', 404],
  ['1/000', 404],
  ['0/000.p/250', 404],
  ['64/000', 404],
  ['0/0', 400],
  ['0/000.p/0', 400],
  ['0/x000/000', 404],
  ['0/../checkpoint', 400],
  ['0/000.p/256', 404],
  ['entries/001', 404],
  ['entries/000.p/250', 404],
  ['entries/1', 400],
])('a tile that is not there, or named otherwise: %s', async (path, status) => {
  const { call, url } = await testServer()
  await openWallet(call)
  await proved(call, await pay(call))
  const { authorization } = { authorization: 'Bearer tk_root_0123456789abcdef0123456789abcdef' }
  const response = await fetch(`${url}/v1/log/tile/${path.replace('..', '%2e%2e')}`, {
    headers: { authorization },
  })
  expect(response.status).toBe(status)
})

test('over restarts the log keeps its name and key, and only grows; what is lost of it is made again', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const first = await pay(call)
  const before = await call('GET', `/v1/transfers/${first}/receipt`)
  const policy = await policyOf(call)
  for (const lost of [[], ['proofs'], ['proofs/level-0'], ['proofs/head']]) {
    await lives.stop()
    for (const name of lost) rmSync(join(lives.options.data, name), { recursive: true })
    call = await lives.start()
    await proved(call, await pay(call, { ...PAYMENT, amount: '1' }))
    await holdWhole(call)
    expect((await verifyReceipt(before.text, policy)).proved).toBe(true)
    expect((await call('GET', '/v1/log')).json).toMatchObject({
      origin: 'ledger.example/log',
      status: 'ok',
    })
  }
})

test('a hash that rots inside the tree is no other history: the book proves it, the tree is made again, and nothing false is given out meanwhile', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const many = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => pay(call, { ...PAYMENT, amount: '1' })))
  const [first = ''] = await many(200)
  await proved(call, first)
  await lives.stop()
  lives.copy('keys', 'older-keys')
  call = await lives.start()
  await proved(call, (await many(100)).at(-1) ?? '')
  await lives.stop()
  // Signed were some 200, the first tile is full, and its hash in the level above is what a start looks at.
  lives.copy('older-keys', 'keys')
  const path = join(lives.options.data, 'proofs', 'level-0')
  const bytes = readFileSync(path)
  bytes[100 * 32] = (bytes[100 * 32] ?? 0) ^ 1
  writeFileSync(path, bytes)

  call = await lives.start()
  const given: Buffer[] = []
  const otherwise = new Set<number>()
  const isGiven = async (): Promise<boolean> => {
    // Until the thread has read its files, and while they are made again, there is no such tile.
    const { status, bytes: tile } = await call('GET', '/v1/log/tile/0/000')
    if (status === 200) given.push(Buffer.from(tile))
    else otherwise.add(status)
    return status === 200
  }
  await expect.poll(isGiven, { timeout: 20_000 }).toBe(true)
  await expect
    .poll(async () => (await call('GET', '/v1/log')).json, { timeout: 20_000 })
    .toMatchObject({ status: 'ok', detail: null })
  await proved(call, first)
  await holdWhole(call)
  bytes[100 * 32] = (bytes[100 * 32] ?? 0) ^ 1
  expect([...otherwise].filter((status) => status !== 404 && status !== 503)).toEqual([])
  expect(given.every((tile) => tile.equals(bytes.subarray(0, 8_192)))).toBe(true)
})

test('an old copy of the data: nothing is signed or written, reads go on, and readiness says so', async () => {
  const lives = new Lives()
  let call = await lives.start()
  await openWallet(call)
  const kept = await pay(call)
  await proved(call, kept)
  await lives.stop()
  lives.copy('data', 'old')
  call = await lives.start()
  const lost = await pay(call)
  await proved(call, lost)
  await lives.stop()
  lives.copy('old', 'data')

  for (let life = 0; life < 2; life++) {
    call = await lives.start()
    const written = await call('POST', '/v1/transfers', PAYMENT)
    expect([written.status, written.json.code]).toEqual([503, 'behind_signed'])
    const { status, json } = await call('GET', '/readyz')
    expect([status, json.status]).toEqual([503, 'behind_signed'])
    expect(await balanceOf(call, WALLET)).toBe('7500')
    // Nobody is left waiting for a receipt that cannot come, whether the signer has refused already or not.
    expect((await call('GET', `/v1/transfers/${kept}/receipt`)).json.code).toBe('behind_signed')
    await expect.poll(async () => (await call('GET', '/v1/log')).json.status).toBe('refused')
    expect((await call('GET', `/v1/transfers/${kept}/receipt`)).json.code).toBe('behind_signed')
    expect((await call('GET', '/healthz')).json).toMatchObject({ status: 'ok', log: 'refused' })
    expect((await call('GET', '/metrics')).text).toMatch(/^tally_log_refused 1$/m)
    expect((await call('GET', '/v1/log/checkpoint')).status).toBe(404)
  }
})

test('without a proof log its routes say so, and the ledger works', async () => {
  const { call } = await testServer({ proofs: false })
  await openWallet(call)
  const id = await pay(call)
  for (const path of ['/v1/log', '/v1/log/checkpoint', `/v1/transfers/${id}/receipt`]) {
    const { status, json } = await call('GET', path)
    expect([status, json.code]).toEqual([503, 'proofs_unavailable'])
  }
  expect((await call('GET', '/healthz')).json).toEqual({ status: 'ok', version: '0.1.0' })
})

test('figures: how far it has come', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await proved(call, await pay(call))
  const { text } = await call('GET', '/metrics')
  const figure = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  expect(figure('tally_log_hashed_events_total')).toBeGreaterThan(0)
  expect(figure('tally_log_signed_events_total')).toBe(figure('tally_log_hashed_events_total'))
  expect(figure('tally_log_lag_events')).toBe(0)
  expect(figure('tally_log_refused')).toBe(0)
  expect(figure('tally_log_stopped')).toBe(0)
})
