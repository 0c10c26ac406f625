import { connect, type Socket } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { EventReader } from './event-reader.ts'
import { BOOKS, type Call, openWallet, PAYMENT, ROOT_KEY, testServer } from './harness.ts'

const LISTENERS = 500
const TRANSFERS_PER_BATCH = 500

/** So many transfers of one unit. */
async function batchOf(call: Call, count: number): Promise<void> {
  const transfer = { operation: 'create_transfer', ...PAYMENT, amount: '1' }
  const commands = Array.from({ length: count }, () => transfer)
  const { json } = await call('POST', '/v1/batches', { commands })
  expect(json.statuses ?? json.results).toHaveLength(count)
}

/** A listener that reads nothing until it is told to. */
async function sleeper(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.pause()
  socket.write(
    `GET /v1/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${ROOT_KEY}\r\n\r\n`,
  )
  return socket
}

const figure = async (call: Call, name: string): Promise<number> => {
  const { text } = await call('GET', '/metrics')
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

test('whoever does not read holds nobody up, takes little memory, and misses nothing', async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  const slow = await sleeper(server.url)
  const quick = await EventReader.open(server.url)
  while ((await figure(call, 'tally_event_followers')) < 2);
  let count = 0
  while ((await figure(call, 'tally_event_followers_paused')) === 0) {
    await batchOf(call, TRANSFERS_PER_BATCH)
    count += TRANSFERS_PER_BATCH
    await quick.take(count)
  }
  // Behind it lies much more than it is given room for.
  for (let more = 0; more < 4; more++) await batchOf(call, TRANSFERS_PER_BATCH)
  count += 4 * TRANSFERS_PER_BATCH
  const expected = await quick.take(count)
  let text = ''
  slow.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  slow.resume()
  const last = expected.at(-1)?.id ?? ''
  while (!text.includes(`id: ${last}\n`)) {
    await new Promise((resolve) => slow.once('data', resolve))
  }
  const ids = [...text.matchAll(/^id: (\S+)\r?\ndata/gm)].map(([, id]) => id)
  expect(ids).toEqual(expected.map(({ id }) => id))
})

test(`${LISTENERS} listeners hear of everything that they asked for`, async () => {
  const server = await testServer()
  const { call } = server
  await openWallet(call)
  const readers = await Promise.all(
    Array.from({ length: LISTENERS }, (_, index) =>
      EventReader.open(server.url, index % 2 === 0 ? '' : `?account=${BOOKS}`),
    ),
  )
  expect(await figure(call, 'tally_event_followers')).toBe(LISTENERS)
  await batchOf(call, 20)
  const heard = await Promise.all(readers.map((reader) => reader.take(20)))
  const ids = heard[0]?.map(({ id }) => id)
  for (const events of heard) expect(events.map(({ id }) => id)).toEqual(ids)
  for (const reader of readers) reader.close()
  while ((await figure(call, 'tally_event_followers')) > 0) await batchOf(call, 1)
})
