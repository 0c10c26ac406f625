/** How often one may ask, and what guessing keys costs, over HTTP. */
import { expect, test } from 'vitest'

import { callerOf, openWallet, PAYMENT, testServer } from './harness.ts'
import { grantee } from './keys.ts'

test('above its rate a key gets 429 with the fields that say so, nothing is remembered, and others go on', async () => {
  const server = await testServer({ callsPerSecondOfKey: 3 })
  await openWallet(server.call)
  const all = { role: 'admin', addresses: ['*'] }
  // Neither has a key that lasts: the root key goes on.
  const acme = await grantee(server, 'acme', { ...all, role: 'operator' })
  const other = await grantee(server, 'other', { ...all, role: 'operator' })
  const before = server.ledger.lastSequence
  const key = { 'idempotency-key': 'pay-1' }
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => acme.call('POST', '/v1/transfers', PAYMENT, key)),
  )
  const refused = replies.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201, 429]))
  for (const { json, headers } of refused) {
    expect(json.code).toBe('rate_limited')
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.get('ratelimit-policy')).toBe('"key";q=3;w=1')
    expect(headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/)
  }
  expect(server.ledger.lastSequence).toBe(before + 1)
  expect((await other.call('GET', '/v1/whoami')).status).toBe(200)
  const again = await retried(() => acme.call('POST', '/v1/transfers', PAYMENT, key))
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
})

test('a refused first call is decided anew when it is asked again', async () => {
  const server = await testServer({ callsPerSecondOfKey: 1 })
  await openWallet(server.call)
  const { call } = await grantee(server, 'acme', { role: 'operator', addresses: ['*'] })
  const key = { 'idempotency-key': 'pay-1' }
  let first = await call('POST', '/v1/transfers', PAYMENT, { 'idempotency-key': 'x' })
  for (let n = 0; first.status !== 429; n++) {
    first = await call('POST', '/v1/transfers', PAYMENT, { 'idempotency-key': `x${n}` })
  }
  expect((await call('POST', '/v1/transfers', PAYMENT, key)).status).toBe(429)
  const again = await retried(() => call('POST', '/v1/transfers', PAYMENT, key))
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null])
})

async function retried<Reply extends { status: number }>(ask: () => Promise<Reply>) {
  for (;;) {
    const reply = await ask()
    if (reply.status !== 429) return reply
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

test('the rate of a principal is a command in the log: it counts from the next call on and can be lifted', async () => {
  const server = await testServer()
  const { call, keyId } = await grantee(server, 'acme', { role: 'viewer', addresses: ['*'] })
  const path = '/v1/principals/acme/call-rate'
  const limited = await server.call('PUT', path, { per_second: 2, burst: 3 })
  expect([limited.status, limited.json.control]).toEqual([200, 'limit_calls'])
  const { json } = await server.call('GET', '/v1/principals')
  expect(json.data[0].call_rate).toEqual({ per_second: 2, burst: 3 })
  const replies = await Promise.all(Array.from({ length: 20 }, () => call('GET', '/v1/whoami')))
  const good = replies.find(({ status }) => status === 200)
  expect(good?.headers.get('ratelimit-policy')).toBe('"principal";q=3;w=2')
  expect(replies.some(({ status }) => status === 429)).toBe(true)
  await server.call('PUT', path, { per_second: null })
  const then = await Promise.all(Array.from({ length: 20 }, () => call('GET', '/v1/whoami')))
  expect(new Set(then.map(({ status }) => status))).toEqual(new Set([200]))
  expect(then[0]!.headers.get('ratelimit')).toBeNull()
  expect(keyId).toMatch(/^key_/)
})

test.each([
  [{ per_second: 0 }, 'invalid_field'],
  [{ per_second: 1.5 }, 'invalid_field'],
  [{ per_second: null, burst: 2 }, 'invalid_field'],
  [{ burst: 2 }, 'missing_field'],
])('a rate of %j is 400', async (body, code) => {
  const { call } = await testServer()
  const { status, json } = await call('PUT', '/v1/principals/acme/call-rate', body)
  expect([status, json.code]).toEqual([400, code])
})

test('who guesses is refused after so many, a right key is not, and neither is anybody elsewhere', async () => {
  const server = await testServer({ wrongKeysPerMinute: 4, trustedProxies: ['127.0.0.1'] })
  const guesser = { 'x-forwarded-for': '192.0.2.7' }
  const wrong = callerOf(server.url, `tk_live_${'A'.repeat(43)}`)
  const codes = await Promise.all(
    Array.from({ length: 9 }, () => wrong('GET', '/v1/whoami', undefined, guesser)),
  )
  expect(codes.filter(({ status }) => status === 401)).toHaveLength(4)
  expect(codes.filter(({ status }) => status === 429)).toHaveLength(5)
  const refused = await wrong('POST', '/v1/transfers', PAYMENT, guesser)
  expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await server.call('GET', '/v1/whoami', undefined, guesser)).status).toBe(200)
  const elsewhere = { 'x-forwarded-for': '192.0.2.8' }
  expect((await wrong('GET', '/v1/whoami', undefined, elsewhere)).status).toBe(401)
  // Without a key nothing is guessed.
  const none = await fetch(`${server.url}/v1/whoami`, { headers: guesser })
  expect(none.status).toBe(401)
})
