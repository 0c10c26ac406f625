import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { OPERATION_IDS, ROUTES, SCOPES } from '@tallystick/contract'
import { expect, onTestFinished, test } from 'vitest'

import { callerOf, openWallet, PAYMENT, ROOT_KEY, testServer, WALLET } from './harness.ts'
import { grantee } from './keys.ts'

const ACME = 'partners:acme:till'
const EVIL = 'partners:evil:till'
const BOUNDED = ['debits_must_not_exceed_credits']

async function partners() {
  const server = await testServer()
  const { call } = server
  for (const address of [ACME, EVIL]) {
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', flags: BOUNDED })
    await call('POST', `/v1/accounts/${address}/increments`, { amount: '1000' })
  }
  const acme = await grantee(server, 'acme', { role: 'cashier', addresses: ['partners:acme:*'] })
  return { server, call, acme }
}

test('the routes without a key are these, and every other has a scope', () => {
  const open = OPERATION_IDS.filter((id) => ROUTES[id].scope === null)
  expect(open.sort()).toEqual([
    ...['getCheckpoint', 'getDocs', 'getHealth', 'getLog', 'getOpenapi', 'getReadiness', 'getTile'],
  ])
  const free = OPERATION_IDS.filter((id) => ROUTES[id].scope?.length === 0)
  expect(free.sort()).toEqual(['refuseApproval', 'whoami'])
})

test('the root key makes the first administrator and is nothing from then on', async () => {
  const server = await testServer()
  expect((await server.call('GET', '/v1/whoami')).json).toMatchObject({ principal: 'root' })
  const admin = await grantee(server, 'ada', { role: 'admin', addresses: ['*'] })
  const { status, json } = await server.call('GET', '/v1/accounts')
  expect([status, json.code]).toEqual([401, 'unauthenticated'])
  expect((await admin.call('GET', '/v1/accounts')).status).toBe(200)
  const { json: whoami } = await admin.call('GET', '/v1/whoami')
  expect(whoami.rights.map((row: { scope: string }) => row.scope)).toEqual([...SCOPES].sort())
})

test('a key is shown once: a repeated request has the answer without it', async () => {
  const { call } = await testServer()
  await call('POST', '/v1/principals', { principal: 'acme', kind: 'service' })
  const ask = () => call('POST', '/v1/keys', { principal: 'acme' }, { 'idempotency-key': 'k-1' })
  const first = await ask()
  expect(first.json.secret).toMatch(/^tk_live_[0-9A-Za-z]{43}$/)
  expect(first.json.secret).toContain(first.json.prefix)
  const again = await ask()
  expect(again.json).toEqual({ ...first.json, secret: null })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const { json } = await call('GET', '/v1/keys')
  expect(json.data).toHaveLength(1)
  expect(JSON.stringify(json)).not.toContain(first.json.secret)
})

test('a revoked key is refused from the next request on', async () => {
  const { server, call, acme } = await partners()
  expect((await acme.call('GET', `/v1/accounts/${ACME}`)).status).toBe(200)
  expect((await call('POST', `/v1/keys/${acme.keyId}/revoke`)).status).toBe(200)
  expect((await acme.call('GET', `/v1/accounts/${ACME}`)).status).toBe(401)
  const again = await call('POST', `/v1/keys/${acme.keyId}/revoke`)
  expect([again.status, again.json.code]).toEqual([409, 'key_revoked'])
  expect(server.ledger.access.keyOfHash('')).toBeUndefined()
})

test('both keys of a rotation work for its overlap, and a key may not be used from elsewhere', async () => {
  const { server, call, acme } = await partners()
  const { json: next } = await call('POST', `/v1/keys/${acme.keyId}/rotate`, {
    overlap_seconds: 60,
  })
  for (const each of [acme.secret, next.secret]) {
    expect((await callerOf(server.url, each)('GET', '/v1/whoami')).json.principal).toBe('acme')
  }
  const { json: last } = await call('POST', `/v1/keys/${next.id}/rotate`, { overlap_seconds: 0 })
  expect((await callerOf(server.url, next.secret)('GET', '/v1/whoami')).status).toBe(401)
  expect((await callerOf(server.url, last.secret)('GET', '/v1/whoami')).status).toBe(200)
  const elsewhere = { principal: 'acme', ip_ranges: ['192.0.2.0/24'] }
  const { json: far } = await call('POST', '/v1/keys', elsewhere)
  expect((await callerOf(server.url, far.secret)('GET', '/v1/whoami')).status).toBe(401)
})

test('a cashier moves money of its own addresses, and the rest is not there for it', async () => {
  const { acme, call } = await partners()
  await call('POST', '/v1/accounts', {
    address: 'partners:acme:fees',
    asset: 'EUR/2',
    flags: BOUNDED,
  })
  const move = {
    debit_account: ACME,
    credit_account: 'partners:acme:fees',
    amount: '1',
    asset: 'EUR/2',
  }
  expect((await acme.call('POST', '/v1/transfers', move)).status).toBe(201)
  const missing = await acme.call('GET', '/v1/accounts/partners:nobody')
  const foreign = await acme.call('GET', `/v1/accounts/${EVIL}`)
  const body = ({ json }: typeof foreign) => ({ ...json, request_id: '', instance: '' })
  expect(foreign.status).toBe(404)
  expect(body(foreign)).toEqual(body(missing))
})

test.each<[string, string, string, object]>([
  [
    'debits another',
    'POST',
    '/v1/transfers',
    { debit_account: EVIL, credit_account: ACME, amount: '1', asset: 'EUR/2' },
  ],
  [
    'credits another',
    'POST',
    '/v1/transfers',
    { debit_account: ACME, credit_account: EVIL, amount: '1', asset: 'EUR/2' },
  ],
  [
    'credits nobody',
    'POST',
    '/v1/transfers',
    { debit_account: ACME, credit_account: 'partners:evil:no', amount: '1', asset: 'EUR/2' },
  ],
  ['issues money', 'POST', `/v1/accounts/${ACME}/increments`, { amount: '1' }],
  [
    'opens an account',
    'POST',
    '/v1/accounts',
    { address: 'partners:acme:new', asset: 'EUR/2', flags: BOUNDED },
  ],
  [
    'opens on the way',
    'POST',
    '/v1/transfers',
    {
      debit_account: ACME,
      credit_account: 'partners:acme:new',
      amount: '1',
      asset: 'EUR/2',
      open_missing: true,
    },
  ],
  [
    'names an id',
    'POST',
    '/v1/transfers',
    {
      debit_account: ACME,
      credit_account: ACME,
      amount: '1',
      asset: 'EUR/2',
      id: '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
    },
  ],
  ['changes a limit', 'PATCH', `/v1/accounts/${ACME}`, { limit: '5' }],
  ['closes books', 'PUT', '/v1/books', { account: ACME, closed_until: '2025-01-01T00:00:00Z' }],
  [
    'takes one foreign account in a batch',
    'POST',
    '/v1/batches',
    {
      commands: [
        {
          operation: 'create_transfer',
          debit_account: EVIL,
          credit_account: ACME,
          amount: '1',
          asset: 'EUR/2',
        },
      ],
    },
  ],
  [
    'posts to another',
    'POST',
    '/v1/transactions',
    { postings: [{ source: ACME, destination: EVIL, amount: '1', asset: 'EUR/2' }] },
  ],
  ['lists everything', 'GET', '/v1/accounts', {}],
  ['lists another', 'GET', '/v1/accounts?prefix=partners:evil', {}],
  ['gives rights', 'POST', '/v1/grants', { principal: 'acme', role: 'admin', addresses: ['*'] }],
])(
  'a cashier who %s is refused with 403, and nothing changes',
  async (_what, method, path, sent) => {
    const { server, acme } = await partners()
    const before = [await server.ledger.stateHash(), server.ledger.lastSequence]
    const { status, json } = await acme.call(method, path, method === 'GET' ? undefined : sent)
    expect([status, json.code]).toEqual([403, 'forbidden'])
    expect([await server.ledger.stateHash(), server.ledger.lastSequence]).toEqual(before)
  },
)

test('an operator opens accounts that cannot be overdrawn, below its own addresses alone', async () => {
  const { server } = await partners()
  const { call } = await grantee(server, 'shop', {
    role: 'operator',
    addresses: ['partners:acme:*'],
  })
  const open = async (body: object) =>
    (await call('POST', '/v1/accounts', { asset: 'EUR/2', ...body })).status
  expect(await open({ address: 'partners:acme:new', flags: BOUNDED })).toBe(201)
  expect(await open({ address: 'partners:acme:child', flags: BOUNDED, parent: ACME })).toBe(201)
  expect(await open({ address: 'partners:acme:free' })).toBe(403)
  expect(await open({ address: 'partners:acme:limit', flags: BOUNDED, limit: '5' })).toBe(403)
  expect(await open({ address: 'partners:evil:new', flags: BOUNDED })).toBe(403)
  expect(await open({ address: 'partners:acme:cuckoo', flags: BOUNDED, parent: EVIL })).toBe(403)
  expect(await open({ address: 'world:EUR-2' })).toBe(403)
})

test('of a transfer with another, the other’s balances are left out', async () => {
  const { server, call, acme } = await partners()
  const move = { debit_account: ACME, credit_account: EVIL, amount: '1', asset: 'EUR/2' }
  const { json: made } = await call('POST', '/v1/transfers', move)
  expect(Object.keys(made.balances).sort()).toEqual([ACME, EVIL])
  const { json } = await acme.call('GET', `/v1/transfers/${made.id}`)
  expect(Object.keys(json.balances)).toEqual([ACME])
  const payer = await grantee(server, 'payer', {
    ...{ scopes: ['transfers:debit', 'transfers:credit'], addresses: ['partners:acme:*', EVIL] },
  })
  const { json: refused } = await payer.call('POST', '/v1/transfers', { ...move, amount: '99999' })
  expect(refused.code).toBe('exceeds_credits')
  expect(refused.available).toBeUndefined()
  expect(refused.detail).not.toContain('9.9')
})

test('holds and transfers of others are not there, and cannot be captured or reversed', async () => {
  const { call, acme } = await partners()
  const move = { debit_account: EVIL, credit_account: 'world', amount: '5', asset: 'EUR/2' }
  const { json: hold } = await call('POST', '/v1/holds', move)
  const { json: transfer } = await call('POST', '/v1/transfers', move)
  const none = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
  const bodyOf = async (method: string, path: string) => {
    const { status, json } = await acme.call(method, path, method === 'POST' ? {} : undefined)
    return { status, ...json, instance: '', request_id: '' }
  }
  const pairs: [string, (id: string) => string, string][] = [
    ['GET', (id) => `/v1/holds/${id}`, hold.id],
    ['POST', (id) => `/v1/holds/${id}/capture`, hold.id],
    ['POST', (id) => `/v1/holds/${id}/void`, hold.id],
    ['GET', (id) => `/v1/transfers/${id}`, transfer.id],
    ['GET', (id) => `/v1/transfers/${id}/events`, transfer.id],
    ['POST', (id) => `/v1/transfers/${id}/reverse`, transfer.id],
  ]
  for (const [method, path, id] of pairs) {
    const foreign = await bodyOf(method, path(id))
    expect(foreign.status).toBe(404)
    expect(foreign).toEqual(await bodyOf(method, path(none)))
  }
})

test('a request is shown to who sent it, and to nobody else', async () => {
  const { call, acme } = await partners()
  const { json: other } = await call('POST', `/v1/accounts/${ACME}/increments`, { amount: '1' })
  expect((await acme.call('GET', `/v1/requests/${other.request_id}`)).status).toBe(404)
  const { json: own } = await acme.call('POST', '/v1/holds', {
    ...{
      debit_account: ACME,
      credit_account: ACME.replace('till', 'x'),
      amount: '1',
      asset: 'EUR/2',
    },
  })
  expect((await acme.call('GET', `/v1/requests/${own.request_id}`)).json).toMatchObject({
    ...{ principal: 'acme', key_id: acme.keyId },
  })
})

test('a right that is taken back while a write waits is not there for it', async () => {
  const { call, acme } = await partners()
  const move = {
    debit_account: ACME,
    credit_account: 'partners:acme:b',
    amount: '1',
    asset: 'EUR/2',
  }
  await call('POST', '/v1/accounts', { address: 'partners:acme:b', asset: 'EUR/2' })
  const all = [
    call('POST', `/v1/grants/${acme.grantId}/revoke`),
    ...Array.from({ length: 20 }, () => acme.call('POST', '/v1/transfers', move)),
  ]
  const [, ...moves] = await Promise.all(all)
  const statuses = moves.map(({ status }) => status)
  expect(statuses.every((status) => status === 201 || status === 403)).toBe(true)
  const moved = statuses.filter((status) => status === 201).length
  const { json } = await call('GET', '/v1/accounts/partners:acme:b')
  expect(json.balances.balance).toBe(String(moved))
  expect((await acme.call('POST', '/v1/transfers', move)).status).toBe(403)
})

test('when a key was last used is known after a restart, and costs nothing when it is damaged', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tally-used-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const first = await testServer({ data })
  const { keyId, call } = await grantee(first, 'acme', { role: 'viewer', addresses: ['*'] })
  const usedBy = async (ask: typeof call): Promise<string | null> => {
    const { json } = await ask('GET', '/v1/keys')
    return json.data.find((key: { id: string }) => key.id === keyId).last_used_at
  }
  expect(await usedBy(first.call)).toBeNull()
  await call('GET', '/v1/whoami')
  const used = await usedBy(first.call)
  expect(used).not.toBeNull()
  await first.close()
  const second = await testServer({ data })
  expect(await usedBy(second.call)).toBe(used)
  await second.close()
  writeFileSync(join(data, 'last-used.json'), '{"key_')
  const third = await testServer({ data })
  expect(await usedBy(third.call)).toBeNull()
})

test('rights are there after a restart, and a dry run gives none', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tally-access-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const first = await testServer({ data })
  const dry = { principal: 'acme', kind: 'service' }
  const { json } = await first.call('POST', '/v1/principals?dry_run=true', dry)
  expect(json).toMatchObject({ principal: 'acme', dry_run: true })
  expect((await first.call('GET', '/v1/principals')).json.data).toEqual([])
  await openWallet(first.call)
  const ada = await grantee(first, 'ada', { role: 'admin', addresses: ['*'] })
  const teller = await grantee({ ...first, call: ada.call }, 'teller', {
    ...{ role: 'cashier', addresses: ['users:*', 'merchants:*'] },
  })
  const hash = await first.ledger.stateHash()
  await first.close()
  const { url, ledger } = await testServer({ data })
  expect(await ledger.stateHash()).toBe(hash)
  expect((await callerOf(url, ROOT_KEY)('GET', '/v1/whoami')).status).toBe(401)
  const call = callerOf(url, teller.secret)
  expect((await call('POST', '/v1/transfers', PAYMENT)).status).toBe(201)
  expect((await call('GET', `/v1/accounts/${WALLET}`)).status).toBe(200)
})
