/** Acting on behalf of another: with what both may do, never more, and both are remembered. */
import { expect, test } from 'vitest'

import { type Call, PAYMENT, testServer } from './harness.ts'
import { grantee } from './keys.ts'

const TILL = 'partners:acme:till'
const FEES = 'partners:acme:fees'
const OTHER = 'partners:other:till'
const BOUNDED = ['debits_must_not_exceed_credits']
const MOVE = { debit_account: TILL, credit_account: FEES, amount: '1', asset: 'EUR/2' }

const on = (call: Call, initiator: string): Call => {
  return (method, path, body, headers = {}) =>
    call(method, path, body, { ...headers, 'tally-initiator': initiator })
}

/** A gateway that may move money below `partners`, and two who may do so, or less, below `partners:acme`. */
async function gateway() {
  const server = await testServer({ auditEveryMs: 50, wrongKeysPerMinute: 0 })
  for (const address of [TILL, FEES, OTHER]) {
    await server.call('POST', '/v1/accounts', { address, asset: 'EUR/2', flags: BOUNDED })
    await server.call('POST', `/v1/accounts/${address}/increments`, { amount: '1000' })
  }
  const rights = { role: 'cashier', scopes: ['principals:represent'], addresses: ['partners:*'] }
  const source = await grantee(server, 'gateway', rights)
  const acme = { role: 'cashier', addresses: ['partners:acme:*'] }
  const ada = await grantee(server, 'ada', acme)
  const viewer = await grantee(server, 'vera', { ...acme, role: 'viewer' })
  const wide = await grantee(server, 'wide', {
    ...{ role: 'operator', scopes: ['keys:read', 'money:issue'], addresses: ['*'] },
  })
  return { server, source: source.call, sourceKey: source, ada, viewer, wide }
}

test('what may be done is what both may do, in writes, reads, lists and what is below a prefix', async () => {
  const { source, wide } = await gateway()
  const ada = on(source, 'ada')
  expect((await ada('POST', '/v1/transfers', MOVE)).status).toBe(201)
  const foreign = { ...MOVE, credit_account: OTHER }
  expect((await ada('POST', '/v1/transfers', foreign)).status).toBe(403)
  expect((await source('POST', '/v1/transfers', foreign)).status).toBe(201)
  expect((await ada('GET', `/v1/accounts/${OTHER}`)).status).toBe(404)
  expect((await source('GET', `/v1/accounts/${OTHER}`)).status).toBe(200)
  expect((await ada('GET', '/v1/accounts?prefix=partners')).status).toBe(403)
  expect((await ada('GET', '/v1/accounts?prefix=partners:acme')).json.data).toHaveLength(2)
  const vera = on(source, 'vera')
  expect((await vera('GET', `/v1/accounts/${TILL}`)).status).toBe(200)
  expect((await vera('POST', '/v1/transfers', MOVE)).status).toBe(403)
  const batch = { commands: [{ type: 'transfer', ...MOVE }] }
  expect((await vera('POST', '/v1/batches', batch)).status).toBe(403)
  // Whoever may do more lends nothing to the one who asks.
  const admin = on(source, 'wide')
  expect((await admin('GET', '/v1/keys')).status).toBe(403)
  expect((await admin('POST', '/v1/transfers', PAYMENT)).status).toBe(403)
  expect((await wide.call('GET', '/v1/keys')).status).toBe(200)
})

test('both are saved with the request, shown by it, and told to whoever asks who he is', async () => {
  const { source, server, sourceKey } = await gateway()
  const { headers, json } = await on(source, 'ada')('POST', '/v1/transfers', MOVE)
  expect(headers.get('ledger-sequence')).not.toBeNull()
  const { json: saved } = await server.call('GET', `/v1/requests/${json.request_id}`)
  expect(saved).toMatchObject({
    ...{ principal: 'gateway', key_id: sourceKey.keyId, initiator: 'ada' },
  })
  const { json: who } = await on(source, 'ada')('GET', '/v1/whoami')
  expect([who.principal, who.initiator]).toEqual(['gateway', 'ada'])
  expect(
    who.rights.every(
      ({ addresses }: { addresses: string[] }) => addresses.join() === 'partners:acme:*',
    ),
  ).toBe(true)
  // One's own requests are those on behalf of the same one.
  const path = `/v1/requests/${json.request_id}`
  const statuses = [on(source, 'ada'), source, on(source, 'vera')].map(
    async (call) => (await call('GET', path)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 404])
})

test.each([
  ['nobody', 403, 'forbidden'],
  ['root', 403, 'forbidden'],
  ['Ada', 400, 'invalid_header'],
  ['ada, gateway', 400, 'invalid_header'],
  ['../ada', 400, 'invalid_header'],
])('on behalf of "%s" nothing is done: %i', async (initiator, status, code) => {
  const { source, server } = await gateway()
  const before = server.ledger.lastSequence
  for (const ask of [
    on(source, initiator)('POST', '/v1/transfers', MOVE),
    on(source, initiator)('GET', `/v1/accounts/${TILL}`),
    on(server.call, initiator)('GET', `/v1/accounts/${TILL}`),
  ]) {
    const reply = await ask
    expect([reply.status, reply.json.code]).toEqual([status, code])
  }
  const moved = [...range(before + 1, server.ledger.lastSequence)].filter(
    (sequence) => server.ledger.reader.transferBySequence(sequence) !== undefined,
  )
  expect(moved).toEqual([])
})

function* range(from: number, to: number): Generator<number> {
  for (let at = from; at <= to; at++) yield at
}

test('a disabled one can do nothing, by whomever, and neither can one who lost his rights meanwhile', async () => {
  const { source, server, ada } = await gateway()
  const call = on(source, 'ada')
  expect((await call('POST', '/v1/transfers', MOVE)).status).toBe(201)
  await server.call('POST', `/v1/grants/${ada.grantId}/revoke`)
  expect((await call('POST', '/v1/transfers', MOVE)).status).toBe(403)
  expect((await source('POST', '/v1/transfers', MOVE)).status).toBe(201)
  await server.call('POST', '/v1/principals/ada/disable')
  const disabled = await call('GET', '/v1/whoami')
  expect(disabled.status).toBe(403)
  const unknown = await on(source, 'nobody')('GET', '/v1/whoami')
  const said = ({ json }: typeof unknown) => ({ ...json, request_id: '' })
  expect(said(disabled)).toEqual(said(unknown))
})

test('without the right to, nobody acts for anybody, not even for himself', async () => {
  const { ada, viewer, server } = await gateway()
  for (const call of [ada.call, viewer.call]) {
    const reply = await on(call, 'ada')('GET', '/v1/whoami')
    expect([reply.status, reply.json.code]).toEqual([403, 'forbidden'])
  }
  const anonymous = await fetch(`${server.url}/v1/whoami`, {
    headers: { 'tally-initiator': 'ada' },
  })
  expect(anonymous.status).toBe(401)
})

test('keys and references belong to the source, and are another request for another one', async () => {
  const { source, server } = await gateway()
  await grantee(server, 'bob', { role: 'cashier', addresses: ['partners:acme:*'] })
  const key = { 'idempotency-key': 'order-17' }
  const first = await on(source, 'ada')('POST', '/v1/transfers', MOVE, key)
  const again = await on(source, 'ada')('POST', '/v1/transfers', MOVE, key)
  expect([again.status, again.json.id]).toEqual([201, first.json.id])
  for (const call of [on(source, 'bob'), source]) {
    const other = await call('POST', '/v1/transfers', MOVE, key)
    expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused'])
  }
  const named = { ...MOVE, reference: 'order-18' }
  expect((await on(source, 'ada')('POST', '/v1/transfers', named)).status).toBe(201)
  expect((await on(source, 'bob')('POST', '/v1/transfers', named)).status).toBe(422)
  const found = await on(source, 'vera')('GET', '/v1/transfers?reference=order-18')
  expect(found.json.data).toHaveLength(1)
})

test('a webhook is nobody’s on behalf of another: it would go on with its creator’s rights', async () => {
  const { server } = await gateway()
  const scopes = ['webhooks:manage', 'webhooks:read', 'principals:represent']
  const { call } = await grantee(server, 'hooks', { scopes, addresses: ['*'] })
  await grantee(server, 'hooked', { scopes, addresses: ['*'] })
  const asked = { url: 'https://example.com/hook' }
  const reply = await on(call, 'hooked')('POST', '/v1/webhooks', asked)
  expect([reply.status, reply.json.code]).toEqual([403, 'forbidden'])
  expect((await on(call, 'hooked')('GET', '/v1/webhooks')).status).toBe(200)
})

test('the root key acts with what the initiator may do', async () => {
  const { server } = await gateway()
  const call = on(server.call, 'ada')
  expect((await call('GET', `/v1/accounts/${OTHER}`)).status).toBe(404)
  expect((await call('GET', `/v1/accounts/${TILL}`)).status).toBe(200)
  expect((await call('GET', '/v1/keys')).status).toBe(403)
})

test('a refused attempt tells on whose behalf it was', async () => {
  const { source, server } = await gateway()
  await on(source, 'vera')('POST', '/v1/transfers', MOVE)
  await expect
    .poll(async () => (await server.call('GET', '/v1/audit?principal=vera')).json.data[0], {
      timeout: 15_000,
    })
    .toMatchObject({ principal: 'gateway', initiator: 'vera', result: 'forbidden' })
})
