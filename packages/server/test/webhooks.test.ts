import { readdirSync, readFileSync } from 'node:fs'

import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'

import { type Call, callerOf, openWallet, PAYMENT, ROOT_KEY, testServer } from './harness.ts'
import { places, scratchDirectory, startProcess, urlOf } from './server-process.ts'
import { QUICK, Receiver, until } from './webhook-receiver.ts'

const create = async (call: Call, body: object) => (await call('POST', '/v1/webhooks', body)).json

const isAt = (call: Call, id: string, state: object) => async (): Promise<boolean> => {
  const { json } = await call('GET', `/v1/webhooks/${id}`)
  return Object.entries(state).every(([name, value]) => json[name] === value)
}

test('events are delivered, signed as Standard Webhooks says', async () => {
  const { call } = await testServer(QUICK)
  await openWallet(call)
  const receiver = await Receiver.start()
  const made = await create(call, { url: receiver.url, types: ['transfer.*'] })
  expect(made).toMatchObject({ status: 'active', position: '5', waiting: '0' })
  const { json: transfer } = await call('POST', '/v1/transfers', PAYMENT)
  await receiver.until(1)
  const [hit] = receiver.hits
  const verified = new Webhook(made.secret).verify(hit?.body ?? '', hit?.headers ?? {})
  expect(verified).toMatchObject({ type: 'transfer.posted', subject: transfer.id })
  expect(hit?.headers['webhook-id']).toBe(receiver.events[0]?.id)
  expect(hit?.headers['content-type']).toMatch(/^application\/cloudevents\+json/)
  await until(isAt(call, made.id, { waiting: '0', position: '6' }), 'the end')
  const { json } = await call('GET', `/v1/webhooks/${made.id}/attempts`)
  expect(json.data).toMatchObject([{ event_id: '0-6', status: 204, detail: null }])
  expect(JSON.stringify((await call('GET', '/v1/webhooks')).json)).not.toContain('whsec_')
})

test('while a secret is rotated both sign; without an overlap the new one alone', async () => {
  const { call } = await testServer(QUICK)
  await openWallet(call)
  const receiver = await Receiver.start()
  const made = await create(call, { url: receiver.url })
  const { json: rotated } = await call('POST', `/v1/webhooks/${made.id}/rotate`)
  await call('POST', '/v1/transfers', PAYMENT)
  await receiver.until(1)
  const verify = (secret: string, hit = receiver.hits.at(-1)): unknown =>
    new Webhook(secret).verify(hit?.body ?? '', hit?.headers ?? {})
  expect(verify(made.secret)).toEqual(verify(rotated.secret))
  const now = await call('POST', `/v1/webhooks/${made.id}/rotate`, { overlap_seconds: 0 })
  await call('POST', '/v1/transfers', PAYMENT)
  await receiver.until(2)
  expect(() => verify(rotated.secret)).toThrow('No matching signature found')
  expect(verify(now.json.secret)).toMatchObject({ type: 'transfer.posted' })
})

test('what fails is tried again, then it is a dead letter, which a replay delivers', async () => {
  const { call } = await testServer(QUICK)
  await openWallet(call)
  const receiver = await Receiver.start()
  receiver.status = (_, count) => (count === 1 ? 500 : count === 2 ? 302 : 404)
  const { id } = await create(call, { url: receiver.url, types: ['transfer.*'], after: '0' })
  await until(isAt(call, id, { dead: '1', waiting: '0' }), 'a dead letter')
  expect(receiver.hits.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill('0-5'))
  const { json: tried } = await call('GET', `/v1/webhooks/${id}/attempts`)
  expect(tried.data.map(({ status }: { status: number }) => status)).toEqual([404, 302, 500])
  const { json: dead } = await call('GET', `/v1/webhooks/${id}/dead-letters`)
  expect(dead.data).toEqual([{ object: 'dead_letter', event_id: '0-5', tries: 3 }])
  receiver.status = () => 200
  const { json: replay } = await call('POST', `/v1/webhooks/${id}/replay`)
  expect(replay.replayed).toBe('1')
  await until(isAt(call, id, { dead: '0', waiting: '0' }), 'a delivery')
  expect(receiver.hits).toHaveLength(4)
})

test('410 switches a webhook off; switched on again it goes on where it was', async () => {
  const { call } = await testServer(QUICK)
  await openWallet(call)
  const receiver = await Receiver.start()
  receiver.status = () => 410
  const { id } = await create(call, { url: receiver.url, types: ['transfer.*'], after: '0' })
  await until(isAt(call, id, { status: 'disabled' }), 'its end')
  expect((await call('GET', `/v1/webhooks/${id}`)).json.reason).toBe('the receiver answered 410')
  await call('POST', '/v1/transfers', PAYMENT)
  receiver.status = () => 200
  const hits = receiver.hits.length
  await call('PATCH', `/v1/webhooks/${id}`, { status: 'active' })
  await receiver.until(hits + 2)
  expect(receiver.events.slice(hits).map((event) => event.id)).toEqual(['0-5', '0-6'])
})

test('a receiver that never answers delays nobody else', async () => {
  const { call } = await testServer(QUICK)
  await openWallet(call)
  const [silent, quick] = [await Receiver.start(), await Receiver.start()]
  silent.status = () => undefined
  await create(call, { url: silent.url, after: '0' })
  await create(call, { url: quick.url, after: '0', types: ['transfer.posted'] })
  for (let index = 0; index < 20; index++) await call('POST', '/v1/transfers', PAYMENT)
  await quick.until(5)
  expect(silent.hits.length).toBeLessThanOrEqual(8)
})

test('a test event says what came of it, and is signed like all others', async () => {
  const { call } = await testServer(QUICK)
  const receiver = await Receiver.start()
  const { id, secret } = await create(call, { url: receiver.url })
  const { json } = await call('POST', `/v1/webhooks/${id}/test`)
  expect(json).toMatchObject({ object: 'webhook_attempt', status: 204, detail: null })
  const [hit] = receiver.hits
  expect(new Webhook(secret).verify(hit?.body ?? '', hit?.headers ?? {})).toMatchObject({
    type: 'webhook.test',
  })
  await call('DELETE', `/v1/webhooks/${id}`)
  expect((await call('POST', `/v1/webhooks/${id}/test`)).status).toBe(404)
})

test.each([
  ['http://93.184.216.34/', 'url must be https'],
  ['https://user:password@93.184.216.34/', 'url must be https'],
  ['ftp://93.184.216.34/', 'url must be https'],
  ['nowhere', 'url must be https'],
  ['https://127.0.0.1/', 'not on the public internet'],
  ['https://localhost/', 'not on the public internet'],
  ['https://[::ffff:10.0.0.1]/', 'not on the public internet'],
  ['https://169.254.169.254/latest/meta-data', 'not on the public internet'],
])('%s is refused: %s', async (url, why) => {
  const { call } = await testServer()
  const { status, json } = await call('POST', '/v1/webhooks', { url })
  expect([status, json.param]).toEqual([400, 'url'])
  expect(json.detail).toContain(why)
})

test('a webhook that was made while private networks were allowed sends nothing there once they are not', async () => {
  const path = scratchDirectory()
  const data = `${path}/data`
  const receiver = await Receiver.start()
  const first = await testServer({ ...QUICK, data })
  const { id } = await create(first.call, { url: receiver.url })
  await first.close()
  const { call } = await testServer({ data })
  const { json } = await call('POST', `/v1/webhooks/${id}/test`)
  expect(json).toMatchObject({ status: null, detail: '127.0.0.1 is not on the public internet' })
  expect(receiver.hits).toHaveLength(0)
})

test('nothing is lost when the server is killed, and secrets do not lie in the data', async () => {
  const path = scratchDirectory()
  const receiver = await Receiver.start()
  const args = [...places(path), '--webhooks-allow-private']
  const start = () => startProcess(args, { TALLY_ROOT_KEY: ROOT_KEY })
  let server = start()
  let call = callerOf(await urlOf(server))
  await openWallet(call)
  const { secret } = await create(call, { url: receiver.url, types: ['transfer.posted'] })
  const made: string[] = []
  for (let kill = 1; kill <= 4; kill++) {
    for (let index = 0; index < 10; index++) {
      const { json } = await call('POST', '/v1/transfers', { ...PAYMENT, amount: '1' })
      made.push(json.id)
    }
    server.child.kill('SIGKILL')
    await server.exit
    server = start()
    call = callerOf(await urlOf(server))
  }
  const missing = (): string[] => {
    const heard = new Set(receiver.events.map(({ subject }) => subject))
    return made.filter((id) => !heard.has(id))
  }
  await until(() => missing().length === 0, 'the last event')
  const hit = receiver.hits.at(-1)
  expect(new Webhook(secret).verify(hit?.body ?? '', hit?.headers ?? {})).toBeDefined()
  const text: string = secret.slice('whsec_'.length)
  const files = readdirSync(`${path}/data`).filter((name) => name.startsWith('webhooks.sqlite'))
  expect(files.length).toBeGreaterThan(0)
  for (const name of files) {
    const bytes = readFileSync(`${path}/data/${name}`)
    expect([bytes.includes(text), bytes.includes(Buffer.from(text, 'base64'))]).toEqual([
      false,
      false,
    ])
  }
}, 60_000)
