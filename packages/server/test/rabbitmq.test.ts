import { setTimeout as sleep } from 'node:timers/promises'

import type { LedgerEvent } from '@tallystick/contract'
import { Prng } from '@tallystick/testkit'
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'

import { RabbitMq, type RabbitOptions } from '../src/brokers/rabbitmq/rabbitmq.ts'
import { EventReader } from './event-reader.ts'
import { type Call, callerOf, openWallet, PAYMENT, ROOT_KEY, testServer } from './harness.ts'
import { funding, KillLoad, openAccounts } from './kill-load.ts'
import { type Heard, QueueReader, RabbitBroker } from './rabbit-broker.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'

const WAIT = { timeout: 60_000, interval: 20 }
const broker = new RabbitBroker()

beforeAll(async () => {
  await broker.start()
  if (broker.missing !== undefined) console.log(`not tested: ${broker.missing}`)
}, 400_000)
afterAll(() => broker.stop())

function needBroker({ skip }: TestContext): void {
  if (broker.missing !== undefined) skip(broker.missing)
}

let names = 0
const rabbit = (options: Partial<RabbitOptions> = {}): RabbitOptions => ({
  ...{ url: broker.url, exchange: `x${++names}`, queueType: 'quorum', queues: [] },
  ...options,
})

const serving = (options: RabbitOptions, more: { readonly data?: string } = {}) =>
  testServer({ brokers: [{ broker: new RabbitMq(options), after: 0 }], ...more })

async function figure(url: string, name: string): Promise<number> {
  const headers = { authorization: `Bearer ${ROOT_KEY}` }
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  return Number(new RegExp(`^${name}{broker="rabbitmq"} (\\d+)$`, 'm').exec(text)?.[1])
}

/** What a reader may count on: in order, the same for the same id. */
function expectInOrder(heard: readonly Heard[]): void {
  const texts = new Map<string, string>()
  for (const { event, message } of heard) {
    const text = message.content.toString()
    expect(texts.get(event.id) ?? text).toBe(text)
    texts.set(event.id, text)
  }
  const sequences = [...texts.values()].map((text) => Number(JSON.parse(text).sequence))
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
}

const moved = (events: readonly LedgerEvent[]): string[] =>
  events.flatMap(({ data }) => ('transfer_id' in data ? [data.transfer_id] : []))

const kinds = (reader: QueueReader | undefined) => reader?.events.map(({ type }) => type)

async function pay(call: Call, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    ids.push((await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })).json.id)
  }
  return ids
}

test('a message is the event as it stands in the stream, lasting, and named by its id', async (context) => {
  needBroker(context)
  const options = rabbit({ queues: [{ name: 'whole', patterns: ['#'] }] })
  const { call, url } = await serving(options)
  await openWallet(call)
  await pay(call, 3)
  const stream = await EventReader.open(url, '?after=0')
  const told = await stream.take(8)
  const reader = new QueueReader(broker, 'whole')
  await expect.poll(() => reader.events, WAIT).toEqual(told)
  const { message, event } = reader.heard.at(-1) as Heard
  expect(message.content.toString()).toBe(stream.messages.at(-1)?.data)
  expect(message.properties).toMatchObject({
    ...{ messageId: event.id, type: 'transfer.posted', deliveryMode: 2, appId: 'tallystick' },
    contentType: 'application/cloudevents+json; charset=utf-8',
    timestamp: Math.floor(Date.parse(event.time) / 1_000),
  })
  expect(message.fields.routingKey).toBe('transfer.posted.users.1042.wallet')
})

test('a queue gets what its patterns ask for, on whichever side of a transfer', async (context) => {
  needBroker(context)
  const queues = [
    { name: 'merchant', patterns: ['transfer.*.merchants.#'] },
    { name: 'openings', patterns: ['account.opened.#', 'account.opened.users.#'] },
    { name: 'users', patterns: ['*.*.users.1042.#'] },
  ]
  const { call } = await serving(rabbit({ queues }))
  await openWallet(call)
  await pay(call, 2)
  const [merchant, openings, users] = queues.map(({ name }) => new QueueReader(broker, name))
  await expect.poll(() => kinds(merchant), WAIT).toEqual(Array(2).fill('transfer.posted'))
  // The world's account is one of them.
  await expect.poll(() => kinds(openings), WAIT).toEqual(Array(4).fill('account.opened'))
  const ofUser = ['account.opened', ...Array<string>(3).fill('transfer.posted')]
  await expect.poll(() => kinds(users), WAIT).toEqual(ofUser)
})

test('while the broker does not move, the ledger and its listeners go on, and nothing is lost', async (context) => {
  needBroker(context)
  const options = rabbit({ queues: [{ name: 'slow', patterns: ['transfer.#'] }] })
  const { call, url } = await serving(options)
  await openWallet(call)
  await expect.poll(() => figure(url, 'tally_broker_connected'), WAIT).toBe(1)
  broker.signal('SIGSTOP')
  const count = 6_000
  try {
    const command = { operation: 'create_transfer', ...PAYMENT, amount: '1' }
    const commands = Array.from({ length: count / 3 }, () => command)
    for (let batch = 0; batch < 3; batch++) await call('POST', '/v1/batches', { commands })
    const stream = await EventReader.open(url, '?after=0&type=transfer.*')
    expect(await stream.take(count + 1)).toHaveLength(count + 1)
    expect(await figure(url, 'tally_broker_lag_events')).toBeGreaterThan(0)
    expect(await figure(url, 'tally_broker_unconfirmed_events')).toBeLessThanOrEqual(4_096)
  } finally {
    broker.signal('SIGCONT')
  }
  const reader = new QueueReader(broker, 'slow')
  await expect.poll(() => reader.events.length, WAIT).toBe(count + 1)
  expectInOrder(reader.heard)
  await expect.poll(() => figure(url, 'tally_broker_lag_events'), WAIT).toBe(0)
})

test('a queue that is deleted is declared again, and what was told meanwhile is told again', async (context) => {
  needBroker(context)
  const options = rabbit({
    queues: [
      { name: 'kept', patterns: ['transfer.#'] },
      { name: 'deleted', patterns: ['transfer.#'] },
    ],
  })
  const { call } = await serving(options)
  await openWallet(call)
  const [deleted, kept] = ['deleted', 'kept'].map((name) => new QueueReader(broker, name))
  const all = await pay(call, 3)
  await expect.poll(() => deleted?.events.length, WAIT).toBe(4)
  const model = await connect(broker.url)
  await (await model.createChannel()).deleteQueue('deleted')
  await model.close()
  all.push(...(await pay(call, 20)))
  await expect.poll(() => moved(deleted?.events ?? []).slice(1), WAIT).toEqual(all)
  expect(deleted?.gone).toBe(1)
  await expect.poll(() => moved(kept?.events ?? []).slice(1), WAIT).toEqual(all)
  for (const reader of [deleted, kept]) expectInOrder(reader?.heard ?? [])
})

/** Ids of the transfers and holds that clients were told of. */
async function client(call: Call, load: KillLoad, told: Set<string>): Promise<void> {
  for (;;) {
    const { method, path, body, headers } = load.next()
    const reply = await call(method, path, body, headers).catch(() => undefined)
    if (reply === undefined) return
    load.learn(reply)
    const { object, id } = reply.json ?? {}
    if (reply.status === 201 && (object === 'transfer' || object === 'hold')) told.add(id)
  }
}

test('nothing is lost and all is in order, however often the server and the broker are killed', async (context) => {
  needBroker(context)
  const seed = Number(process.env['TALLY_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`TALLY_TEST_SEED=${seed}`)
  const random = new Prng(seed)
  const path = scratchDirectory()
  const load = new KillLoad(random, `r${seed}`)
  const told = new Set<string>()
  const env = {
    ...{ TALLY_ROOT_KEY: ROOT_KEY, TALLY_AMQP_URL: broker.url, TALLY_AMQP_EXCHANGE: 'killed' },
    ...{ TALLY_AMQP_QUEUES: 'killed=#', TALLY_AMQP_AFTER: '0' },
  }
  const start = () => startProcess(places(path), env)
  const reader = new QueueReader(broker, 'killed')
  for (let life = 1; life <= 5; life++) {
    const server = start()
    const call = callerOf(await urlOf(server))
    if (life === 1) {
      await openAccounts(call)
      for (const { method, path: to, body, headers } of funding())
        await call(method, to, body, headers)
    }
    const clients = Array.from({ length: 2 }, () => client(call, load, told))
    await sleep(100 + random.below(700))
    if (life === 3) {
      await broker.kill()
      await sleep(random.below(300))
      await broker.start()
      await sleep(random.below(600))
    }
    server.child.kill('SIGKILL')
    await Promise.all([server.exit, ...clients])
  }
  const url = await urlOf(start())
  // What clients were told of happened before this; holds may expire after it.
  await callerOf(url)('POST', '/v1/assets', { asset: 'END/0' })
  await expect.poll(() => reader.events.map(({ subject }) => subject), WAIT).toContain('END/0')
  expectInOrder(reader.heard)
  const stream = await EventReader.open(url, '?after=0')
  const streamed = await stream.take(reader.events.length)
  expect(reader.events.map(({ id }) => id)).toEqual(streamed.map(({ id }) => id))
  const heard = new Set(moved(reader.events))
  expect([...told].filter((id) => !heard.has(id))).toEqual([])
  expect(told.size).toBeGreaterThan(10)
}, 180_000)

test('a broker that is away when the server starts is told of everything once it is there', async (context) => {
  needBroker(context)
  const options = rabbit({ queues: [{ name: 'late', patterns: ['#'] }] })
  await broker.kill()
  const { call, url } = await serving(options)
  await openWallet(call)
  await expect
    .poll(async () => (await call('GET', '/healthz')).json.brokers, WAIT)
    .toEqual({ rabbitmq: 'unreachable' })
  await pay(call, 3)
  expect(await figure(url, 'tally_broker_lag_events')).toBeGreaterThan(0)
  await broker.start()
  const reader = new QueueReader(broker, 'late')
  await expect.poll(() => reader.events.length, WAIT).toBe(8)
  expect((await call('GET', '/healthz')).json.brokers).toEqual({ rabbitmq: 'connected' })
})

test('a stop in order leaves nothing to be told again', async (context) => {
  needBroker(context)
  const options = rabbit({ queues: [{ name: 'stopped', patterns: ['#'] }] })
  const data = scratchDirectory()
  const reader = new QueueReader(broker, 'stopped')
  const first = await serving(options, { data })
  await openWallet(first.call)
  const all = await pay(first.call, 2)
  await first.close()
  const second = await serving(options, { data })
  all.push(...(await pay(second.call, 2)))
  await expect.poll(() => moved(reader.events).slice(1), WAIT).toEqual(all)
  expect(reader.heard).toHaveLength(reader.events.length)
})
