import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { EventReader } from './event-reader.ts'
import { type Call, testServer, type TestServer } from './harness.ts'
import { type Grantee, grantee } from './keys.ts'
import { QUICK, Receiver, until } from './webhook-receiver.ts'

const PARENTS = ['partners:acme', 'partners:beta', 'users']
const CHILDREN = PARENTS.flatMap((parent) => ['a', 'b'].map((name) => `${parent}:${name}`))
const PATTERNS = [...PARENTS.map((parent) => `${parent}:*`), ...CHILDREN, 'world:*', 'partners:*']
const DATE = '2026-01-01T00:00:00Z'

async function openTree(call: Call): Promise<void> {
  for (const address of PARENTS) {
    const flags = ['debits_must_not_exceed_credits']
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', flags, subtree_limit: '3000' })
  }
  for (const address of CHILDREN) {
    const parent = address.slice(0, address.lastIndexOf(':'))
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', parent })
    await call('POST', `/v1/accounts/${address}/increments`, { amount: '500' })
  }
}

async function move(call: Call, random: Prng, holds: string[]): Promise<void> {
  const [debit, credit] = [random.pick(CHILDREN), random.pick(CHILDREN)]
  const amount = String(1 + random.below(900))
  const movement = { debit_account: debit, credit_account: credit, amount, asset: 'EUR/2' }
  switch (random.below(8)) {
    case 0: {
      const { json } = await call('POST', '/v1/holds', movement)
      if (json.object === 'hold') holds.push(json.id)
      return
    }
    case 1: {
      const id = holds.pop()
      if (id !== undefined) await call('POST', `/v1/holds/${id}/capture`, {})
      return
    }
    case 2: {
      const id = holds.pop()
      if (id !== undefined) await call('POST', `/v1/holds/${id}/void`, {})
      return
    }
    case 3:
      return void (await call('PATCH', `/v1/accounts/${debit}`, { metadata: { amount } }))
    case 4:
      return void (await call(
        'POST',
        `/v1/accounts/${debit}/${random.once(2) ? 'close' : 'reopen'}`,
        {},
      ))
    case 5:
      return void (await call('POST', '/v1/books', { account: debit, closed_until: DATE }))
    default: {
      const body = { ...movement, metadata: { account: credit, number: 7 } }
      const { json, status } = await call('POST', '/v1/transfers', body)
      if (status === 201 && random.once(4))
        await call('POST', `/v1/transfers/${json.id}/reverse`, {})
    }
  }
}

const covers = (patterns: readonly string[], address: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith(':*')
      ? `${address}:`.startsWith(pattern.slice(0, -1))
      : pattern === '*' || pattern === address,
  )

// oxlint-disable-next-line typescript/no-explicit-any -- events of every shape, as they come
type Shown = any

/** As the documents say it, of one event as the root key hears it; undefined: not at all. */
function naive(event: Shown, hears: readonly string[], reads: readonly string[]): Shown {
  const { data, type } = structuredClone(event)
  const isRefused = type === 'command.refused'
  const moved = [data.debit?.account, data.credit?.account, data.debit_account, data.credit_account]
  const isAsked = isRefused && data.operation !== 'create_transfer'
  const alone = isRefused && !isAsked ? undefined : data.account
  const accounts = [...moved, alone].filter((each) => typeof each === 'string')
  const isHeard = (address: string): boolean => covers(hears, address)
  if (type === 'asset.registered') return event
  const heard = isRefused ? accounts.every(isHeard) : accounts.some(isHeard)
  if (accounts.length === 0 || !heard) return undefined
  for (const side of ['debit', 'credit'].map((name) => data[name])) {
    if (side === undefined || covers(reads, side.account)) continue
    delete side.number
    delete side.balances
  }
  if (typeof data.parent === 'string' && !covers(reads, data.parent)) data.parent = null
  if ('needed' in data && !covers(reads, data.account)) {
    for (const name of ['account', 'needed', 'available', 'limit']) delete data[name]
  }
  return { ...event, data }
}

interface Restricted extends Grantee {
  readonly hears: readonly string[]
  readonly reads: readonly string[]
}

async function restricted(server: TestServer, random: Prng, name: string): Promise<Restricted> {
  const some = (): string[] => [...new Set([random.pick(PATTERNS), random.pick(PATTERNS)])]
  const [hears, reads] = [some(), random.once(5) ? ['*'] : some()]
  const who = await grantee(server, name, { scopes: ['events:read'], addresses: hears })
  const grant = { principal: name, scopes: ['accounts:read'], addresses: reads }
  expect((await server.call('POST', '/v1/grants', grant)).status).toBe(201)
  return { ...who, hears, reads }
}

test('a listener with rights on some addresses hears what the root key hears of them, without what is of others', async () => {
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  const random = new Prng(seed)
  const server = await testServer()
  const { call, url } = server
  await openTree(call)
  const holds: string[] = []
  for (let index = 0; index < 150; index++) await move(call, random, holds)
  const listeners = await Promise.all(
    Array.from({ length: 8 }, (_, index) => restricted(server, random, `listener-${index}`)),
  )
  // Everybody hears of it, so that it is known when all was heard.
  await call('POST', '/v1/assets', { asset: 'END/0' })
  const root = await EventReader.open(url, '?after=0&type=*')
  const told = (): number => root.messages.filter(({ data }) => data !== undefined).length
  while (!root.messages.at(-1)?.data?.includes('END/0')) await root.take(told() + 1)
  const all = root.events
  expect(new Set(all.map(({ type }) => type)).size).toBeGreaterThan(9)
  for (const { secret, hears, reads } of listeners) {
    const expected = all.flatMap((event) => naive(event, hears, reads) ?? [])
    const headers = { authorization: `Bearer ${secret}` }
    const reader = await EventReader.open(url, '?after=0&type=*', headers)
    expect(await reader.take(expected.length)).toEqual(expected)
  }
})

test('who may hear of some addresses is refused others, whether they are there or not', async () => {
  const server = await testServer()
  await openTree(server.call)
  const given = { scopes: ['events:read'], addresses: ['partners:acme:*'] }
  const { call, secret } = await grantee(server, 'acme', given)
  for (const query of ['prefix=partners', 'prefix=users', 'account=users:a', 'account=nobody']) {
    expect([query, (await call('GET', `/v1/events?${query}`)).status]).toEqual([query, 403])
  }
  const headers = { authorization: `Bearer ${secret}` }
  const reader = await EventReader.open(server.url, '?after=0&prefix=partners:acme', headers)
  expect((await reader.take(5)).map(({ subject }) => subject)).toContain('partners:acme:b')
})

test('rights that come and go count from then on, in a stream that is open', async () => {
  const server = await testServer()
  const { call, url } = server
  await openTree(call)
  const given = { scopes: ['events:read'], addresses: ['partners:acme:*'] }
  const { secret, grantId } = await grantee(server, 'acme', given)
  const reader = await EventReader.open(url, '', { authorization: `Bearer ${secret}` })
  const change = (metadata: object) => call('PATCH', '/v1/accounts/partners:acme:a', { metadata })
  await change({ step: 1 })
  await reader.take(1)
  await call('POST', '/v1/grants', {
    principal: 'acme',
    scopes: ['events:read'],
    addresses: ['users:*'],
  })
  await call('POST', `/v1/grants/${grantId}/revoke`)
  await change({ step: 2 })
  await call('PATCH', '/v1/accounts/users:a', { metadata: { step: 3 } })
  const heard = await reader.take(2)
  expect(heard.map(({ subject }) => subject)).toEqual(['partners:acme:a', 'users:a'])
})

const PARTNER = ['events:read', 'accounts:read', 'webhooks:manage', 'webhooks:read']

test('a webhook sends what its maker may hear of, and belongs to him', async () => {
  const server = await testServer(QUICK)
  await openTree(server.call)
  const acme = await grantee(server, 'acme', { scopes: PARTNER, addresses: ['partners:acme:*'] })
  const beta = await grantee(server, 'beta', { scopes: PARTNER, addresses: ['partners:beta:*'] })
  const receiver = await Receiver.start()
  const { json: made } = await acme.call('POST', '/v1/webhooks', {
    url: receiver.url,
    types: ['transfer.*'],
  })
  expect(made).toMatchObject({ created_by: 'acme', status: 'active' })
  const asset = 'EUR/2'
  const move = { debit_account: 'users:a', credit_account: 'partners:acme:a', amount: '5', asset }
  await server.call('POST', '/v1/transfers', { ...move, credit_account: 'partners:beta:a' })
  await server.call('POST', '/v1/transfers', move)
  await receiver.until(1)
  const [event] = receiver.events
  expect(event?.data).toMatchObject({ debit: { account: 'users:a' }, credit: { number: '2' } })
  expect(receiver.hits[0]?.body).toContain('"debit":{"account":"users:a"}')
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/test'],
    ['POST', '/rotate'],
    ['DELETE', ''],
  ] as const) {
    expect((await beta.call(method, `/v1/webhooks/${made.id}${path}`)).status).toBe(404)
  }
  expect((await beta.call('GET', '/v1/webhooks')).json.data).toEqual([])
  expect((await acme.call('GET', '/v1/webhooks')).json.data).toHaveLength(1)
  expect((await server.call('GET', '/v1/webhooks')).json.data).toHaveLength(1)
  const other = { url: receiver.url, prefix: 'partners:beta' }
  expect((await acme.call('POST', '/v1/webhooks', other)).status).toBe(403)
})

test('a webhook whose maker lost his rights stops, says why, and goes on where it was', async () => {
  const server = await testServer(QUICK)
  const { call } = server
  await openTree(call)
  const acme = await grantee(server, 'acme', { scopes: PARTNER, addresses: ['partners:acme:*'] })
  const receiver = await Receiver.start()
  const { json: made } = await acme.call('POST', '/v1/webhooks', { url: receiver.url })
  const change = (step: number) =>
    call('PATCH', '/v1/accounts/partners:acme:a', { metadata: { step } })
  await change(1)
  await receiver.until(1)
  await call('POST', '/v1/principals/acme/disable')
  await change(2)
  await change(3)
  const shown = async () => (await call('GET', `/v1/webhooks/${made.id}`)).json
  expect(await shown()).toMatchObject({
    ...{ status: 'disabled', reason: 'acme, who made it, is disabled' },
  })
  const on = await call('PATCH', `/v1/webhooks/${made.id}`, { status: 'active' })
  expect([on.status, on.json.code]).toEqual([403, 'forbidden'])
  await call('POST', '/v1/principals/acme/enable')
  await call('PATCH', `/v1/webhooks/${made.id}`, { status: 'active' })
  await until(() => receiver.hits.length === 3, 'all three')
  const steps = receiver.events.map(({ data }) => ('metadata' in data ? data.metadata['step'] : 0))
  expect(steps.toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3])
  await call('POST', `/v1/grants/${acme.grantId}/revoke`)
  expect(await shown()).toMatchObject({
    reason: 'acme, who made it, has no right events:read any more',
  })
})

test('what waits for a webhook is left out when its maker may not hear of it any more', async () => {
  const server = await testServer(QUICK)
  const { call } = server
  await openTree(call)
  const acme = await grantee(server, 'acme', { scopes: PARTNER, addresses: ['partners:acme:*'] })
  const receiver = await Receiver.start()
  receiver.status = () => 500
  const { json: made } = await acme.call('POST', '/v1/webhooks', { url: receiver.url })
  await call('PATCH', '/v1/accounts/partners:acme:a', { metadata: { step: 1 } })
  await until(
    async () => (await call('GET', `/v1/webhooks/${made.id}`)).json.dead === '1',
    'its end',
  )
  const elsewhere = { principal: 'acme', scopes: PARTNER, addresses: ['users:*'] }
  await call('POST', '/v1/grants', elsewhere)
  await call('POST', `/v1/grants/${acme.grantId}/revoke`)
  const { length } = receiver.hits
  await call('POST', `/v1/webhooks/${made.id}/replay`)
  await until(
    async () => (await call('GET', `/v1/webhooks/${made.id}`)).json.waiting === '0',
    'nothing waiting',
  )
  expect(receiver.hits).toHaveLength(length)
  const { json } = await call('GET', `/v1/webhooks/${made.id}/attempts`)
  expect(json.data[0].detail).toContain('left out')
})

test('webhooks of the root key end with it', async () => {
  const server = await testServer(QUICK)
  const { call } = server
  const receiver = await Receiver.start()
  const { json: made } = await call('POST', '/v1/webhooks', { url: receiver.url })
  const admin = await grantee(server, 'anna', { role: 'admin', addresses: ['*'] })
  const { json } = await admin.call('GET', `/v1/webhooks/${made.id}`)
  expect(json).toMatchObject({ status: 'disabled', created_by: 'root' })
  expect(json.reason).toContain('root key')
})
