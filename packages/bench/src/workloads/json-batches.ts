/**
 * Durable batches as JSON: `POST /v1/batches` with 100 transfers between addresses, each with a UUIDv7 id, from one connection and from ten, each with one request in
 * flight; 10,000 accounts without limits, uniform pairs, an idempotency key per batch. Asked with `balances=false`: the answer has each command's
 * status, id, sequence and time, not the 200 balances; what those cost is a row of its own. Every answer comes after fdatasync, and none may refuse
 * a transfer. Stretches of one hot account and of bare Fastify take turns. Baseline: bare Fastify, which parses the same bodies and answers the
 * same bytes.
 */
import { type HttpWork, measureHttp } from '../http/measure.ts'
import { hotRowOf, rateRow } from '../http/rows.ts'
import { transfersShape } from '../load/spec.ts'
import { atLeast } from '../report/row.ts'
import type { Context, Workload } from '../workload.ts'

const BATCH = 100
const ACCOUNTS = 10_000

export const jsonBatches: readonly Workload[] = [
  workload(1, 110_000),
  workload(10, 300_000),
  {
    name: 'json-balances-10',
    about: `JSON batches of ${BATCH}, 10 at a time, answered with all resulting balances`,
    quickSeconds: undefined,
    async run(context) {
      const measured = await measureHttp(context, workFor(context, 10, true))
      return [rateRow('json-balances-10', measured, undefined)]
    },
  },
]

function workload(connections: number, bar: number): Workload {
  const name = `json-batches-${connections}`
  return {
    name,
    about: `JSON batches of ${BATCH}, ${connections} at a time`,
    quickSeconds: 5.5,
    async run(context) {
      const measured = await measureHttp(context, workFor(context, connections, false))
      const rate = rateRow(name, measured, atLeast(bar))
      return [rate, hotRowOf(rate, measured)]
    },
  }
}

function workFor({ quick }: Context, connections: number, balances: boolean): HttpWork {
  const requests = Number.MAX_SAFE_INTEGER
  return {
    shape: transfersShape({
      kind: 'json',
      connections,
      batch: BATCH,
      accounts: ACCOUNTS,
      balances,
    }),
    rounds: quick ? 3 : 5,
    stretch: { requests, seconds: quick ? 0.4 : 1.5 },
    hotStretch: { requests, seconds: quick ? 0.2 : 0.75 },
    warmUp: { requests, seconds: quick ? 0.8 : 1.5 },
    fastify: true,
  }
}
