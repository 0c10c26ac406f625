/** Rows that measurements over HTTP have in common. */
import { bytes, count, figure } from '../report/figure.ts'
import { type Bar, type Baseline, row, type Row } from '../report/row.ts'
import { HOT_BAR, hotRow } from '../workloads/hot-row.ts'
import type { HttpMeasured } from './measure.ts'

const DURABILITY = 'fdatasync before the answer'

/** Transfers per second of uniform pairs. */
export function rateRow(name: string, measured: HttpMeasured, bar: Bar | undefined): Row {
  return row({
    ...{
      name,
      unit: 'transfers/s',
      value: measured.uniform.rate,
      latency: measured.uniform.latency,
      bar,
    },
    baseline: measured.work.fastify ? fastifyBaseline(measured) : logBaseline(measured),
    durability: DURABILITY,
    note: noteOf(measured),
  })
}

/** A bound on a percentile of the same requests. */
export function latencyRow(
  name: string,
  measured: HttpMeasured,
  percentile: 'p50' | 'p99',
  bar: Bar,
): Row {
  const { uniform, fastify, log, work } = measured
  const baseline = work.fastify
    ? { of: 'bare Fastify, same bodies', value: fastify.latency[percentile] }
    : { of: 'bare log, same bytes', value: log.latency.at(percentile === 'p50' ? 50 : 99) }
  return row({
    ...{
      name: `${name}-${percentile}`,
      unit: 'ms',
      value: uniform.latency[percentile],
      bar,
      baseline,
    },
    latency: uniform.latency,
    durability: DURABILITY,
    note: `${count(uniform.items / work.shape.batch)} requests`,
  })
}

/** Uniform pairs by bare Fastify. */
export function ratioRow(name: string, { uniform, fastify }: HttpMeasured, bar: Bar): Row {
  return row({
    ...{ name: `${name}-ratio`, unit: '÷ bare Fastify', value: uniform.rate / fastify.rate, bar },
    durability: DURABILITY,
    note: `${count(uniform.rate)} ÷ ${count(fastify.rate)} requests/s`,
  })
}

export function hotRowOf(of: Row, { uniform, hot }: HttpMeasured): Row {
  return hotRow({ of, uniform, hot, bar: HOT_BAR })
}

function fastifyBaseline({ fastify }: HttpMeasured): Baseline {
  return { of: 'bare Fastify, same bodies', value: fastify.rate }
}

function logBaseline({ log, work }: HttpMeasured): Baseline {
  const { batch, connections } = work.shape
  return { of: 'bare log, same bytes', value: log.writesPerSecond * batch * connections }
}

function noteOf(measured: HttpMeasured): string {
  const { uniform, hot, log, logBytes, resident, work } = measured
  const { accounts, connections, batch } = work.shape
  const server = uniform.cpu('server')
  return [
    `${count(accounts)} accounts, ${count(connections)} × ${count(batch)}`,
    `${count(uniform.items + hot.items)} transfers in one data directory`,
    `stretches ${count(uniform.spread.min)} to ${count(uniform.spread.max)}/s`,
    `server ${figure(server.cores)} cores (${figure(server.itemUs)} µs CPU each), client ${figure(uniform.cpu('client').cores)}`,
    `bare log: ${bytes(logBytes)} in ${figure(log.latency.at(50))} ms, p99 ${figure(log.latency.at(99))}`,
    `server RSS ${bytes(resident)}`,
  ].join('; ')
}
