import { MediaType, packBatchAnswer } from '@tallystick/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BareServer, startBareFastify } from './bare-fastify.ts'
import { runLoad } from './run-load.ts'
import { type LoadSpec, transfersShape } from './spec.ts'

const BATCH = 5
let server: BareServer

beforeAll(async () => {
  const facts = { firstSequence: 1n, firstTimestamp: 1n, replayed: false, dryRun: false }
  const body = packBatchAnswer({ statuses: new Uint8Array(BATCH), ...facts })
  server = await startBareFastify({ status: 200, body, mediaType: MediaType.batch })
})
afterAll(() => server.close())

const load = (spec: Partial<LoadSpec>) => {
  const shape = transfersShape({ kind: 'packed', connections: 3, batch: BATCH, accounts: 10 })
  return runLoad({
    ...shape,
    port: server.port,
    rootKey: 'x',
    seed: 1,
    requests: 20,
    seconds: 60,
    ...spec,
  })
}

test('as many requests are answered as were asked for, each with its time', async () => {
  const report = await load({})
  expect(report.requests).toBe(20)
  expect([report.latencies.length, report.answeredAt.length]).toEqual([20, 20])
  expect(report.answeredAt).toEqual(report.answeredAt.toSorted())
  expect(report.sample.status).toBe(200)
  expect(report.sample.body.length).toBe(40)
})

test('a load ends in time, after the requests under way', async () => {
  const report = await load({ requests: Number.MAX_SAFE_INTEGER, seconds: 0 })
  expect(report.requests).toBeGreaterThanOrEqual(3)
  expect(report.requests).toBeLessThanOrEqual(6)
})

test('an answer that is not the expected one ends the load', async () => {
  await expect(load({ kind: 'single' })).rejects.toThrow('status 200')
})
