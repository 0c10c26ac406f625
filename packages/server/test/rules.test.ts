import { setTimeout as sleep } from 'node:timers/promises'

import { expect, onTestFinished, test } from 'vitest'

import { startServer } from '../src/index.ts'
import { EventReader } from './event-reader.ts'
import { type Call, callerOf, ROOT_KEY, type TestServer, testServer } from './harness.ts'
import { grantee } from './keys.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const PATIENCE_MS = 20_000
const EUR = 'EUR/2'

async function until<Found>(find: () => Promise<Found | undefined>, what: string): Promise<Found> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const found = await find()
    if (found !== undefined) return found
    await sleep(10)
  }
  throw new Error(`${what} did not come`)
}

interface Fired {
  readonly firing_id: string
  readonly account: string
  readonly measured: string
  readonly sequence: string
  readonly hold_sequence: string | null
  readonly freeze_hold_id: string | null
}

const facts = ({ account, measured, sequence }: Fired) => ({ account, measured, sequence })

async function firingsOf(call: Call, rule: string): Promise<readonly Fired[]> {
  const { json } = await call('GET', `/v1/rules/${rule}/firings`)
  return json.data
}

function firings(call: Call, rule: string, count: number): Promise<readonly Fired[]> {
  return until(async () => {
    const found = await firingsOf(call, rule)
    return found.length >= count ? found : undefined
  }, `${count} firings of ${rule}`)
}

const open = (call: Call, address: string, more: object = {}) =>
  call('POST', '/v1/accounts', {
    ...{ address, asset: EUR, flags: ['debits_must_not_exceed_credits'], ...more },
  })
const give = (call: Call, address: string, amount: string) =>
  call('POST', `/v1/accounts/${address}/increments`, { amount })
const take = (call: Call, address: string, amount: string) =>
  call('POST', `/v1/accounts/${address}/decrements`, { amount })

const below = (threshold: string, rearm = threshold) => ({
  ...{ addresses: ['users:*'], asset: EUR },
  when: { kind: 'balance', of: 'available', is: 'below', threshold, rearm },
})

async function withWallet(options = {}): Promise<TestServer> {
  const server = await testServer(options)
  await open(server.call, 'users:1')
  await give(server.call, 'users:1', '1000')
  return server
}

test('a rule fires when a balance falls below its threshold, and again only after it came back', async () => {
  const { call } = await withWallet()
  const put = await call('PUT', '/v1/rules/low', below('500', '800'))
  expect(put.status).toBe(201)
  expect(put.json).toMatchObject({ id: 'low', version: 1, owner: 'root', action: 'event' })
  await take(call, 'users:1', '600')
  await give(call, 'users:1', '200')
  await take(call, 'users:1', '200')
  await give(call, 'users:1', '500')
  await take(call, 'users:1', '700')
  const [second, first] = await firings(call, 'low', 2)
  expect(first).toMatchObject({ account: 'users:1', measured: '400', freeze_hold_id: null })
  expect(second).toMatchObject({ account: 'users:1', measured: '200' })
  const { json } = await call('GET', '/v1/rules/low')
  expect(json).toMatchObject({ firings: '2', suppressed: '0' })
  const metrics = await call('GET', '/metrics')
  expect(metrics.text).toContain('tally_rules_firings_total 2')
  expect((await call('GET', '/healthz')).json).toMatchObject({ rules: 'ok' })
})

test('a firing is an event like any other, and a record of the log', async () => {
  const { call, url } = await withWallet()
  await call('PUT', '/v1/rules/low', below('500'))
  await take(call, 'users:1', '600')
  const [firing] = await firings(call, 'low', 1)
  const answer = await fetch(`${url}/v1/events?after=0&type=rule.fired&account=users:1`, {
    headers: { authorization: `Bearer ${ROOT_KEY}` },
  })
  const reader = answer.body!.getReader()
  onTestFinished(() => reader.cancel())
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes('\ndata: ')) text += decoder.decode((await reader.read()).value)
  const event = JSON.parse(/^data: (.*)$/m.exec(text)![1]!)
  expect(event).toMatchObject({ type: 'rule.fired', subject: 'users:1' })
  expect(event.data).toMatchObject({ firing_id: firing!.firing_id, rule: 'low', threshold: '500' })
  const { json } = await call('GET', `/v1/requests/${event.data.request_id}`)
  expect(json.principal).toBe('tally:rules')
  expect(json.records[0]).toMatchObject({ operation: 'rule', rule: { rules: 'fire', rule: 'low' } })
})

test('a rule that freezes closes the account in the same request, until its hold is voided', async () => {
  const { call } = await withWallet()
  const often = { kind: 'velocity', measure: 'count', direction: 'debit', over_seconds: 3_600 }
  await call('PUT', '/v1/rules/often', {
    ...{ addresses: ['users:*'], action: 'freeze', when: { ...often, above: '2' } },
  })
  for (const amount of ['1', '2', '3']) await take(call, 'users:1', amount)
  const [firing] = await firings(call, 'often', 1)
  expect(firing).toMatchObject({ account: 'users:1', measured: '3' })
  const refused = await take(call, 'users:1', '4')
  expect(refused.json.code).toBe('debit_account_already_closed')
  const hold = await call('GET', `/v1/holds/${firing!.freeze_hold_id}`)
  expect(hold.json.metadata).toMatchObject({ frozen_by_rule: 'often', owner: 'root' })
  await call('POST', `/v1/holds/${firing!.freeze_hold_id}/void`, {})
  expect((await take(call, 'users:1', '4')).status).toBe(201)
})

test('on an idle ledger a hold near its deadline is told of when it is time', async () => {
  const { call, ledger } = await withWallet()
  await call('PUT', '/v1/rules/due', {
    ...{ addresses: ['*'], when: { kind: 'hold_deadline', before_seconds: 1_000 } },
  })
  const hold = { debit_account: 'users:1', credit_account: 'world:EUR-2', asset: EUR }
  await call('POST', '/v1/holds', { ...hold, amount: '7', timeout_seconds: 1_001 })
  await call('POST', '/v1/holds', { ...hold, amount: '8', timeout_seconds: 5_000 })
  const last = ledger.lastSequence
  const found = await firings(call, 'due', 1)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({
    account: 'users:1',
    measured: '7',
    hold_sequence: `${last - 1}`,
  })
})

test('a back-test says what a rule did, and what another would have done', async () => {
  const { call } = await withWallet()
  await call('PUT', '/v1/rules/low', below('500'))
  for (const amount of ['600', '100', '250']) {
    await take(call, 'users:1', amount)
    await give(call, 'users:1', amount)
  }
  await give(call, 'users:1', '9000')
  await take(call, 'users:1', '9600')
  const lived = await firings(call, 'low', 2)
  const again = await call('POST', '/v1/rules/low/backtest')
  expect(again.json).toMatchObject({ complete: true, firings: '2', accounts: '1', version: 1 })
  expect(again.json.data.map(facts)).toEqual([...lived].reverse().map(facts))
  const draft = await call('POST', '/v1/rules/no-such/backtest', below('950'))
  expect(draft.json).toMatchObject({ version: null, firings: '4' })
  const later = await call('POST', '/v1/rules/low/backtest?from=2500-01-01T00:00:00Z')
  expect(later.json).toMatchObject({ firings: '0', data: [] })
  expect((await call('GET', '/v1/rules')).json.data).toHaveLength(1)
})

test('each change of a rule is a version that begins anew; a removed one is gone', async () => {
  const { call } = await withWallet()
  await call('PUT', '/v1/rules/low', below('500'))
  const off = await call('PUT', '/v1/rules/low', { ...below('500'), enabled: false })
  expect(off).toMatchObject({ status: 200, json: { version: 2, enabled: false } })
  await take(call, 'users:1', '600')
  await give(call, 'users:1', '600')
  await call('PUT', '/v1/rules/low', { ...below('300'), description: 'third' })
  await take(call, 'users:1', '800')
  const found = await firings(call, 'low', 1)
  expect(found.map((each) => each.measured)).toEqual(['200'])
  const { json } = await call('GET', '/v1/rules/low/versions')
  expect(json.data.map((each: { version: number }) => each.version)).toEqual([3, 2, 1])
  const dry = await call('DELETE', '/v1/rules/low?dry_run=true')
  expect(dry.json).toMatchObject({ removed: true, dry_run: true })
  expect((await call('DELETE', '/v1/rules/low')).status).toBe(200)
  expect((await call('GET', '/v1/rules/low')).status).toBe(404)
  expect((await call('DELETE', '/v1/rules/low')).json.code).toBe('rule_not_found')
})

test.each([
  ['approval', { ...below('1'), action: 'demand_approval' }, 'action'],
  ['a rearm where it fires', below('500', '400'), 'when.rearm'],
  ['amounts of no asset', { ...below('1'), asset: null }, 'asset'],
  ['a pattern that is none', { ...below('1'), addresses: ['users:*:x'] }, 'addresses[0]'],
  [
    'too many patterns',
    { ...below('1'), addresses: Array.from({ length: 17 }, (_, n) => `a${n}`) },
    'addresses',
  ],
  ['no addresses', { ...below('1'), addresses: [] }, 'addresses'],
])('a rule with %s is refused, and the field named', async (_what, body, param) => {
  const { call, ledger } = await testServer()
  const { status, json } = await call('PUT', '/v1/rules/bad', body)
  expect([status, json.param]).toEqual([400, param])
  expect(ledger.rules.version).toBe(0)
})

test.each([
  [{ kind: 'velocity', measure: 'count', direction: 'debit', over_seconds: 1e12, above: '1' }],
  [
    {
      kind: 'velocity',
      measure: 'counterparties',
      direction: 'debit',
      over_seconds: 60,
      above: '1001',
    },
  ],
  [{ kind: 'toString' }],
  [{ kind: 'balance', of: 'available', is: 'below', threshold: 500 }],
  [{ kind: 'hold_deadline', before_seconds: 0 }],
  [null],
])('a rule that fires at %j is 400', async (when) => {
  const { call } = await testServer()
  const { status } = await call('PUT', '/v1/rules/bad', { addresses: ['*'], when })
  expect(status).toBe(400)
})

test('one owner has at most fifty rules', async () => {
  const { call } = await testServer()
  const rule = { addresses: ['*'], when: { kind: 'hold_deadline', before_seconds: 60 } }
  for (let n = 0; n < 50; n++) await call('PUT', `/v1/rules/rule-${n}`, rule)
  const { status, json } = await call('PUT', '/v1/rules/one-more', rule)
  expect([status, json.code]).toEqual([409, 'too_many_rules'])
})

test('a partner may watch its own accounts, freeze only with the rights for it, and sees no other rule', async () => {
  const { call, url } = await withWallet()
  const hands = { url, call }
  const scopes = ['rules:read', 'rules:manage'] as const
  const acme = await grantee(hands, 'acme', { scopes: [...scopes], addresses: ['partners:acme:*'] })
  const own = { ...below('10'), addresses: ['partners:acme:*'] }
  await call('PUT', '/v1/rules/ours', below('10'))
  expect((await acme.call('PUT', '/v1/rules/theirs', own)).status).toBe(201)
  expect((await acme.call('PUT', '/v1/rules/more', { ...own, action: 'freeze' })).status).toBe(403)
  for (const addresses of [['*'], ['partners:*'], ['partners:acme:*', 'users:1']]) {
    const { status } = await acme.call('PUT', '/v1/rules/wide', { ...own, addresses })
    expect(status).toBe(403)
  }
  expect((await acme.call('PUT', '/v1/rules/ours', own)).status).toBe(404)
  expect((await acme.call('GET', '/v1/rules/ours')).status).toBe(404)
  expect((await acme.call('DELETE', '/v1/rules/ours')).status).toBe(404)
  expect((await acme.call('POST', '/v1/rules/ours/backtest')).status).toBe(404)
  expect((await acme.call('POST', '/v1/rules/x/backtest', below('10'))).status).toBe(403)
  const { json } = await acme.call('GET', '/v1/rules')
  expect(json.data.map((each: { id: string }) => each.id)).toEqual(['theirs'])
})

const velocity = { kind: 'velocity', measure: 'sum', direction: 'debit', over_seconds: 3_600 }
const newcomer = { kind: 'new_counterparty', direction: 'debit', over_seconds: 86_400 }

test.each([
  [
    { kind: 'running_out', within_days: 3, over_days: 7 },
    ...['users:1', ['900'], { measured: '67200', threshold: '259200' }],
  ],
  [
    { ...velocity, above: '500' },
    ...['users:1', ['300', '300'], { measured: '600', threshold: '500' }],
  ],
  [
    { ...newcomer, amount_from: '600' },
    ...['users:1', ['600'], { measured: '600', threshold: '600' }],
  ],
  [
    { kind: 'limit_used', of: 'account', percent: 90 },
    ...['users:2', ['800', '150'], { measured: '950', threshold: '1000' }],
  ],
] as [object, string, string[], object][])(
  'a rule that fires at %j does',
  async (when, address, amounts, found) => {
    const { call } = await withWallet()
    await open(call, 'users:2', { limit: '1000' })
    await call('PUT', '/v1/rules/one', { addresses: ['users:*'], asset: EUR, when })
    for (const amount of amounts) await take(call, address, amount)
    const [firing] = await firings(call, 'one', 1)
    expect(firing).toMatchObject({ account: address, ...found })
  },
)

test('what a rule found is told to those who may see rules there, and to nobody else', async () => {
  const { call, url } = await withWallet()
  const addresses = ['users:*']
  const guard = { scopes: ['events:read', 'rules:read'], addresses }
  const [told, untold] = [
    await grantee({ url, call }, 'guard', guard),
    await grantee({ url, call }, 'user', { scopes: ['events:read'], addresses }),
  ]
  await call('PUT', '/v1/rules/low', below('500'))
  await take(call, 'users:1', '600')
  await firings(call, 'low', 1)
  await take(call, 'users:1', '1')
  const typesFor = async (secret: string, count: number) => {
    const reader = await EventReader.open(url, '?after=0', { authorization: `Bearer ${secret}` })
    return (await reader.take(count)).map(({ type }) => type)
  }
  const moved = ['account.opened', 'transfer.posted', 'transfer.posted']
  expect(await typesFor(told.secret, 5)).toEqual([...moved, 'rule.fired', 'transfer.posted'])
  expect(await typesFor(untold.secret, 4)).toEqual([...moved, 'transfer.posted'])
})

test('closed and opened again, a ledger has each firing once and finds the next', async () => {
  const data = scratchDirectory()
  const options = { data, rootKey: ROOT_KEY }
  let server = await startServer(options)
  let call = callerOf(server.url)
  await open(call, 'users:1')
  await give(call, 'users:1', '1000')
  await call('PUT', '/v1/rules/low', below('500', '800'))
  await take(call, 'users:1', '600')
  const before = await firings(call, 'low', 1)
  for (const measured of ['350', '300']) {
    const hash = await server.ledger.stateHash()
    await server.close()
    server = await startServer(options)
    expect(await server.ledger.stateHash()).toBe(hash)
    call = callerOf(server.url)
    await give(call, 'users:1', '500')
    await take(call, 'users:1', '550')
    await until(async () => {
      const found = await firingsOf(call, 'low')
      return found[0]?.measured === measured ? found : undefined
    }, `a firing at ${measured}`)
  }
  const found = await firingsOf(call, 'low')
  expect(found).toHaveLength(3)
  expect(found.at(-1)).toEqual(before[0])
  await server.close()
})

test('killed again and again while money moves, every firing is there, and none twice', async () => {
  const path = scratchDirectory()
  const start = () => startProcess(places(path), { TALLY_ROOT_KEY: ROOT_KEY })
  const wallets = Array.from({ length: 10 }, (_, n) => `users:${n}`)
  for (let round = 0; round < 4; round++) {
    const server = start()
    const call = callerOf(await urlOf(server))
    if (round === 0) {
      for (const wallet of wallets) await open(call, wallet)
      await call('PUT', '/v1/rules/low', below('500'))
    }
    let taken = 0
    const moves = wallets.map(async (wallet) => {
      for (;;) {
        await give(call, wallet, '700')
        await take(call, wallet, '600')
        taken++
        await take(call, wallet, '90')
      }
    })
    await until(async () => (taken > 25 ? taken : undefined), '25 withdrawals')
    server.child.kill('SIGKILL')
    await Promise.all([server.exit, Promise.allSettled(moves)])
  }
  const call = callerOf(await urlOf(start()))
  const { json: tried } = await call('POST', '/v1/rules/low/backtest')
  const count = Number(tried.firings)
  expect(count).toBeGreaterThan(50)
  const countNow = async () => Number((await call('GET', '/v1/rules/low')).json.firings)
  await until(async () => ((await countNow()) >= count ? count : undefined), `${count} firings`)
  const all = await firingsOf(call, 'low')
  expect(new Set(all.map((each) => each.firing_id)).size).toBe(all.length)
  expect(await countNow()).toBe(count)
})
