/**
 * Single durable transfers as JSON: `POST /v1/transfers` between addresses, an `Idempotency-Key` each, the id left to the server, from 64 connections and from one, each
 * with one request in flight; 10,000 accounts without limits, uniform pairs. Each answer comes after fdatasync, with both resulting balances, and has
 * to be 201. The client is one process on the same cores. Stretches of one hot account and of bare Fastify take turns.
 * Baseline: bare Fastify, which parses the same bodies and answers the same bytes.
 */
import { type HttpMeasured, type HttpWork, measureHttp } from '../http/measure.ts'
import { hotRowOf, latencyRow, rateRow, ratioRow } from '../http/rows.ts'
import { transfersShape } from '../load/spec.ts'
import { atLeast, atMost, type Row } from '../report/row.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 10_000

export const singles: readonly Workload[] = [
  workload(64, (name, measured) => {
    const rate = rateRow(name, measured, atLeast(25_000))
    return [
      rate,
      ratioRow(name, measured, atLeast(0.5)),
      latencyRow(name, measured, 'p99', atMost(10)),
      hotRowOf(rate, measured),
    ]
  }),
  workload(1, (name, measured) => {
    const rate = rateRow(name, measured, undefined)
    return [rate, latencyRow(name, measured, 'p50', atMost(0.5)), hotRowOf(rate, measured)]
  }),
]

function workload(
  connections: number,
  rows: (name: string, measured: HttpMeasured) => Row[],
): Workload {
  const name = `singles-${connections}`
  return {
    name,
    about: `single transfers as JSON, ${connections} at a time`,
    quickSeconds: 4.7 + warmUpSeconds(true, connections),
    run: async (context) => rows(name, await measureHttp(context, workFor(context, connections))),
  }
}

/** With many connections a second is over before all that is hot is compiled: a short run would measure the compiler. */
function warmUpSeconds(quick: boolean, connections: number): number {
  if (connections === 1) return quick ? 0.8 : 1.5
  return quick ? 2 : 3
}

function workFor({ quick }: Context, connections: number): HttpWork {
  const requests = Number.MAX_SAFE_INTEGER
  return {
    shape: transfersShape({ kind: 'single', connections, batch: 1, accounts: ACCOUNTS }),
    rounds: quick ? 3 : 5,
    stretch: { requests, seconds: quick ? 0.4 : 1.5 },
    hotStretch: { requests, seconds: quick ? 0.2 : 1 },
    warmUp: { requests, seconds: warmUpSeconds(quick, connections) },
    fastify: true,
  }
}
