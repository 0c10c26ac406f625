/**
 * Small durable batches: packed batches of 100 transfers over HTTP, from one connection and from ten, each with one request in flight; 10,000 accounts without
 * limits, uniform pairs, UUIDv7 ids, an idempotency key per batch. Every answer comes after fdatasync, and all its statuses are checked.
 * The client is one process on the same cores. Stretches of one hot account and of bare Fastify take turns.
 * Baseline: bare Fastify, which reads the same bodies and answers the same bytes.
 */
import { type HttpWork, measureHttp } from '../http/measure.ts'
import { hotRowOf, rateRow } from '../http/rows.ts'
import { transfersShape } from '../load/spec.ts'
import { atLeast } from '../report/row.ts'
import type { Context, Workload } from '../workload.ts'

const BATCH = 100
const ACCOUNTS = 10_000

export const smallBatches: readonly Workload[] = [workload(1, 230_000), workload(10, 600_000)]

function workload(connections: number, bar: number): Workload {
  const name = `small-batches-${connections}`
  return {
    name,
    about: `packed batches of ${BATCH}, ${connections} at a time`,
    quickSeconds: 5.5,
    async run(context) {
      const measured = await measureHttp(context, workFor(context, connections))
      const rate = rateRow(name, measured, atLeast(bar))
      return [rate, hotRowOf(rate, measured)]
    },
  }
}

function workFor({ quick }: Context, connections: number): HttpWork {
  const requests = Number.MAX_SAFE_INTEGER
  return {
    shape: transfersShape({ kind: 'packed', connections, batch: BATCH, accounts: ACCOUNTS }),
    rounds: quick ? 3 : 5,
    stretch: { requests, seconds: quick ? 0.4 : 1.5 },
    hotStretch: { requests, seconds: quick ? 0.2 : 0.75 },
    warmUp: { requests, seconds: quick ? 0.8 : 1.5 },
    fastify: true,
  }
}
