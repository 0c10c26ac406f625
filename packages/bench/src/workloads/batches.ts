/** The three workloads of large batches have this in common; each states its own workload in its own file. */
import { measureHttp } from '../http/measure.ts'
import { hotRowOf, latencyRow, rateRow } from '../http/rows.ts'
import { transfersShape } from '../load/spec.ts'
import type { Bar, Row } from '../report/row.ts'
import type { Context } from '../workload.ts'

const BATCH = 8_190
const ROUNDS = 5
const WARM_UP = { requests: 60, seconds: 2 }

export interface LargeBatches {
  readonly name: string
  readonly accounts: number
  readonly holdsPercent: number
  /** Of uniform pairs, in all. */
  readonly transfers: number
  readonly bar: Bar
  readonly p99Bar?: Bar
}

export async function runLargeBatches(context: Context, work: LargeBatches): Promise<Row[]> {
  const { name, accounts, holdsPercent, bar, p99Bar } = work
  const rounds = context.quick ? 3 : ROUNDS
  const transfers = context.quick ? work.transfers / 7 : work.transfers
  const requests = Math.ceil(transfers / rounds / BATCH)
  const measured = await measureHttp(context, {
    shape: transfersShape({ kind: 'packed', connections: 1, batch: BATCH, accounts, holdsPercent }),
    rounds,
    stretch: { requests, seconds: context.quick ? 1.5 : 6 },
    hotStretch: { requests: Math.ceil(requests / 4), seconds: 2 },
    warmUp: WARM_UP,
    fastify: false,
  })
  const rate = rateRow(name, measured, bar)
  const p99 = p99Bar === undefined ? [] : [latencyRow(name, measured, 'p99', p99Bar)]
  return [rate, ...p99, hotRowOf(rate, measured)]
}
