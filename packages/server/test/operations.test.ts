import { TransferStatus } from '@tallystick/ledger'
import { STATUSES } from '@tallystick/contract'
import { EventKind, statusName } from '@tallystick/verify'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'

import { openWallet, PAYMENT, testServer, WALLET } from './harness.ts'

test('the OpenAPI document is valid and lists every route', async () => {
  const { call } = await testServer()
  const { json } = await call('GET', '/openapi.json')
  const result = await new Validator().validate(json)
  expect(result.errors).toBeUndefined()
  expect(json.openapi).toBe('3.1.0')
  expect(Object.keys(json.paths)).toContain('/v1/holds/{id}/capture')
})

test('the page of documents is whole: no foreign host, no script, every error has its anchor', async () => {
  const { call } = await testServer()
  const { text, headers } = await call('GET', '/docs')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(text).not.toMatch(/<script|src=|@import|url\(|https?:\/\/(?!127\.0\.0\.1)/)
  expect(text).toContain('id="exceeds_credits"')
  const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  expect((await call('GET', '/docs/errors')).text).toBe(text)
})

test('health and readiness say how it is', async () => {
  const { call } = await testServer()
  expect((await call('GET', '/healthz')).json).toEqual({
    ...{ status: 'ok', version: '0.1.0' },
    log: 'ok',
  })
  await openWallet(call)
  const { json } = await call('GET', '/readyz')
  expect(json).toMatchObject({ status: 'ready', accounts: '4', sequence: '5' })
})

test('the figures count requests and the ledger', async () => {
  const { call } = await testServer()
  await openWallet(call)
  await call('POST', '/v1/transfers', { ...PAYMENT, amount: '999999' })
  const { text } = await call('GET', '/metrics')
  expect(text).toContain('tally_http_requests_total{operation="createTransfer",status="422"} 1')
  expect(text).toContain('tally_http_request_seconds_count{operation="createTransfer"} 1')
  expect(text).toMatch(/^tally_ledger_accounts 4$/m)
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [0-9.e+-]+)$/)
  }
})

test('the second listener has the figures, and the first no longer', async () => {
  const { call, adminUrl } = await testServer({ adminListen: { host: '127.0.0.1', port: 0 } })
  expect((await call('GET', '/metrics')).status).toBe(404)
  expect((await fetch(`${adminUrl}/metrics`)).status).toBe(401)
  expect((await fetch(`${adminUrl}/healthz`)).status).toBe(200)
  expect((await fetch(`${adminUrl}/v1/accounts`)).status).toBe(404)
})

test('a dry run says what would be, and leaves nothing', async () => {
  const { call, ledger } = await testServer()
  await openWallet(call)
  const before = await ledger.stateHash()
  const key = { 'idempotency-key': 'd' }
  const dry = await call('POST', '/v1/transfers?dry_run=true', PAYMENT, key)
  expect([dry.status, dry.json.dry_run]).toEqual([201, true])
  expect(dry.json.balances[WALLET].balance).toBe('7500')
  const world = { ...PAYMENT, debit_account: 'world', credit_account: 'new:one', asset: 'USD/2' }
  const opens = await call('POST', '/v1/transfers?dry_run=true', { ...world, open_missing: true })
  expect(opens.json.balances['new:one'].balance).toBe('2500')
  expect(await ledger.stateHash()).toBe(before)
  const real = await call('POST', '/v1/transfers', PAYMENT, key)
  expect(real.headers.get('idempotent-replayed')).toBeNull()
})

test('receipt first: 202, then the result under its location', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const prefer = { prefer: 'respond-async' }
  const { status, json, headers } = await call('POST', '/v1/transfers', PAYMENT, prefer)
  expect([status, json.status]).toEqual([202, 'pending'])
  const { json: saved } = await call('GET', headers.get('location') ?? '')
  expect(saved).toMatchObject({
    ...{ object: 'request', status: 'done', operation: 'createTransfer', principal: 'root' },
    records: [{ operation: 'create_transfer', status: 'created', amount: '2500' }],
  })
})

test('a read shows at least what its token says', async () => {
  const { call } = await testServer()
  await openWallet(call)
  const { headers } = await call('POST', '/v1/transfers', PAYMENT)
  const token = headers.get('ledger-sequence') ?? ''
  const read = (value: string) =>
    call('GET', `/v1/accounts/${WALLET}`, undefined, { 'ledger-min-sequence': value })
  expect((await read(token)).status).toBe(200)
  expect((await read('s0.00000000.1')).json.code).toBe('precondition_failed')
  const future = await read(token.replace(/[^.]+$/, 'zzzz'))
  expect([future.status, future.json.code]).toEqual([503, 'sequence_not_reached'])
  expect(future.headers.get('retry-after')).toBe('1')
})

test('the wire’s names of statuses are the ledger’s, in their order', () => {
  const names = Object.keys(TransferStatus).map((name) =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )
  expect(STATUSES.create_transfer).toEqual(names)
})

test('the verifier’s names of statuses are the wire’s, in their order', () => {
  const {
    transfer,
    account,
    limit,
    metadata,
    close,
    reopen,
    asset,
    books,
    statement,
    control,
    rule,
  } = EventKind
  const kinds = [
    transfer,
    account,
    limit,
    metadata,
    close,
    reopen,
    asset,
    books,
    statement,
    control,
    rule,
  ]
  const tables = kinds.map((kind) => Array.from({ length: 70 }, (_, at) => statusName(kind, at)))
  const known = tables.map((table) => table.filter((name) => !name.startsWith('status ')))
  expect(known).toEqual(Object.values(STATUSES))
})
