import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { type AccountReport, trustPolicy, verifyStatement } from '@tallystick/verify'
import { expect, onTestFinished, test } from 'vitest'

import { STATEMENT_PAGES_WAITING_MAX } from '../src/limits.ts'
import { startWitness } from '../src/trust/witness-server.ts'
import { BOOKS, type Call, openWallet, PAYMENT, ROOT_KEY, testServer, WALLET } from './harness.ts'
import { Lives } from './lives.ts'

const VERIFIER = readFileSync(
  createRequire(import.meta.url).resolve('@tallystick/verify/browser'),
  'utf8',
)

const pageOf = (address: string): string => `/v1/accounts/${address}/statement?format=html`

async function verified(call: Call, html: string): Promise<AccountReport> {
  const { json } = await call('GET', '/v1/log')
  const report = await verifyStatement(html, trustPolicy({ keys: json.keys as string[] }), VERIFIER)
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([])
  expect(report.proved).toBe(true)
  return report
}

const isOfThisVersion = ({ checks }: AccountReport): boolean =>
  checks.some(({ sentence }) => sentence.includes('its script is the one of this tally-verify'))

test('a statement as a page: a file to keep, which holds to the byte', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', { ...PAYMENT, metadata: { note: '</script>', 'a<b': '&' } })
  await call('POST', '/v1/holds', { ...PAYMENT, amount: '30', timeout_seconds: 600 })
  const { status, headers, text } = await call('GET', `${pageOf(WALLET)}&proved=true`)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(headers.get('content-disposition')).toBe(
    'attachment; filename="statement-users-1042-wallet.html"',
  )
  expect(headers.get('cache-control')).toContain('no-store')
  const report = await verified(call, text)
  expect(isOfThisVersion(report)).toBe(true)
  expect(report.said?.entries.map((entry) => entry?.amount)).toEqual([10_000n, 2_500n, 30n])
  expect(text).toContain('75.00')
})

test('the period that was asked for, and accounts that nobody has', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const early = '&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z'
  const { text } = await call('GET', pageOf(WALLET) + early)
  expect(text).toContain('1 Jan 2020 to 31 Jan 2020')
  await verified(call, text)
  const nobody = await call('GET', pageOf('users:nobody'))
  expect(nobody.text).toContain('no such account until')
  expect((await verified(call, nobody.text)).said?.asset).toBeNull()
})

test('many pages at once, while payments go on', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const pages = Array.from({ length: 6 }, () => call('GET', pageOf(BOOKS)))
  const paid = await Promise.all(
    Array.from({ length: 20 }, () => call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })),
  )
  expect(new Set(paid.map(({ status }) => status))).toEqual(new Set([201]))
  for (const { status, text } of await Promise.all(pages)) {
    expect(status).toBe(200)
    await verified(call, text)
  }
})

test('of more pages than are made at one time, the rest is refused and may come again', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const replies = await Promise.all(Array.from({ length: 40 }, () => call('GET', pageOf(WALLET))))
  const refused = replies.filter(({ status }) => status !== 200)
  expect(replies.length - refused.length).toBeGreaterThanOrEqual(STATEMENT_PAGES_WAITING_MAX)
  expect(new Set(refused.map(({ json }) => json.code as string))).toEqual(new Set(['overloaded']))
  expect(refused[0]?.headers.get('retry-after')).not.toBeNull()
  expect((await call('GET', pageOf(WALLET))).status).toBe(200)
})

test('a page asks for the witnesses that the server asks for', async () => {
  const lives = new Lives()
  let call = await lives.start()
  const { json } = await call('GET', '/v1/log')
  const [vkey = ''] = json.keys as string[]
  const { logKeys } = trustPolicy({ keys: [vkey] })
  const witness = await startWitness({
    ...{ directory: `${lives.path}/witness`, name: 'witness.example/w', logKeys },
    listen: { host: '127.0.0.1', port: 0 },
    onAlarm: expect.unreachable,
    onFailure: (error) => expect.unreachable(String(error)),
  })
  onTestFinished(() => witness.close())
  const trust = { keys: [vkey], witnesses: [witness.vkey], quorum: 1 }
  const [key] = trustPolicy(trust).witnessKeys
  call = await lives.start({ witnesses: [{ key: key!, url: witness.url }], witnessQuorum: 1 })
  await openWallet(call)
  const { text } = await call('GET', pageOf(WALLET))
  const report = await verifyStatement(text, trustPolicy(trust), VERIFIER)
  expect(report.proved).toBe(true)
  expect(report.said?.cosignatures).toHaveLength(1)
  expect(text).toContain(JSON.stringify(trust).slice(1, -1))
})

test.each([
  ['format=json&proved=true', 'proved'],
  ['proved=true', 'proved'],
  ['format=csv&proved=true', 'proved'],
  ['format=html&proved=false', 'proved'],
  ['format=html&proved=yes', 'proved'],
  ['format=html&by=effective', 'by'],
  ['format=pdf', 'format'],
])('what cannot be asked for: %s', async (query, param) => {
  const { call } = await testServer()
  await openWallet(call)
  const { status, json } = await call('GET', `/v1/accounts/${WALLET}/statement?${query}`)
  expect([status, json.code, json.param]).toEqual([400, 'invalid_parameter', param])
})

test('without a proof log there is no page; the other forms are as they were', async () => {
  const { call } = await testServer({ proofs: false, rootKey: ROOT_KEY })
  await openWallet(call)
  const { status, json } = await call('GET', pageOf(WALLET))
  expect([status, json.code]).toEqual([503, 'proofs_unavailable'])
  const other = await call('GET', `/v1/accounts/${WALLET}/statement?proved=false`)
  expect([other.status, other.json.object]).toEqual([200, 'statement'])
})
