/** The rows that growth is reported in. */
import type { LoadReport } from '../load/spec.ts'
import type { DiskUsage } from '../machine/disk-usage.ts'
import type { MemoryUse } from '../machine/process-usage.ts'
import { bytes, count, figure } from '../report/figure.ts'
import { Percentiles } from '../report/percentiles.ts'
import { atLeast, atMost, type Row, row } from '../report/row.ts'
import { tenths } from './tenths.ts'

export interface HistorySeen {
  /** ms, the first time they were asked, and again. */
  readonly pages: Percentiles
  readonly balances: Percentiles
  readonly pagesAgain: Percentiles
  readonly balancesAgain: Percentiles
  /** Rows read each time, and ms of each time. */
  readonly rows: number
  readonly rowTimes: Percentiles
}

export interface Grown {
  readonly report: LoadReport
  readonly batch: number
  /** Transfers, the warm-up included. */
  readonly inDirectory: number
  readonly memory: MemoryUse
  readonly killedMs: number
  readonly stoppedMs: number
  /** How long the proof log took after the load, from the start on. */
  readonly caughtUpSeconds: number
  readonly disk: DiskUsage
  /** Whether the kernel's file cache was dropped before the past was asked for. */
  readonly isCold: boolean
  readonly history: HistorySeen
  /** Transfers per second of the bare log. */
  readonly log: number
}

/** Rows of one account that are read in one go. */
export const ROWS = 8_000
const GIB = 2 ** 30
const DURABLE = 'fdatasync before the answer'
const READS = 'none: reads'

export function growthRows(grown: Grown): Row[] {
  return [...rateRows(grown), ...sizeRows(grown), ...historyRows(grown)]
}

function rateRows({ report, batch, log, inDirectory }: Grown): Row[] {
  const rates = tenths(report.answeredAt, batch)
  const [first = Number.NaN] = rates
  const last = rates.at(-1) ?? Number.NaN
  const latencies = new Percentiles(report.latencies)
  const latency = { p50: latencies.at(50), p99: latencies.at(99), max: latencies.max }
  const transfers = report.requests * batch
  return [
    row({
      ...{ name: 'growth', unit: 'transfers/s', value: transfers / report.seconds, latency },
      baseline: { of: 'bare log, same bytes', value: log },
      durability: DURABLE,
      note: `${count(transfers)} transfers in ${figure(report.seconds)} s, ${count(inDirectory)} in the directory; client ${figure(report.cpuSeconds / report.seconds)} cores`,
    }),
    row({
      ...{ name: 'growth-last-tenth', unit: 'last ÷ first tenth', value: last / first },
      bar: atLeast(0.9),
      durability: DURABLE,
      note: `tenths: ${rates.map(count).join(', ')} transfers/s`,
    }),
    row({
      ...{ name: 'growth-batch-max', unit: 'ms', value: latency.max, latency, bar: atMost(50) },
      durability: DURABLE,
      note: `${count(report.requests)} batches of ${count(batch)}; p99.9 ${figure(latencies.at(99.9))} ms`,
    }),
  ]
}

function sizeRows(grown: Grown): Row[] {
  const { disk, inDirectory, memory, killedMs, stoppedMs, caughtUpSeconds } = grown
  const parts = disk.parts.slice(0, 6).map((part) => `${part.name} ${bytes(part.bytes)}`)
  const restart = (name: string, ms: number, signal: string): Row =>
    row({
      ...{ name, unit: 's', value: ms / 1_000, bar: atMost(10), durability: DURABLE },
      note: `from the start of the process to /readyz, after ${signal}`,
    })
  return [
    row({
      ...{
        name: 'growth-disk',
        unit: 'B/transfer',
        value: disk.bytes / inDirectory,
        bar: atMost(320),
      },
      durability: DURABLE,
      note: `${bytes(disk.bytes)}: ${parts.join(', ')}; the proof log caught up in ${figure(caughtUpSeconds)} s`,
    }),
    row({
      ...{ name: 'growth-rss', unit: 'GiB', value: memory.peak / GIB, bar: atMost(4) },
      durability: DURABLE,
      note: `the server's peak; ${bytes(memory.now)} at the end`,
    }),
    restart('growth-restart-killed', killedMs, 'SIGKILL'),
    restart(
      'growth-restart',
      stoppedMs,
      'SIGTERM, the kernel’s file cache dropped where it can be',
    ),
  ]
}

function historyRows({ history, isCold }: Grown): Row[] {
  const { pages, pagesAgain, balances, balancesAgain, rows, rowTimes } = history
  const first = isCold ? 'asked the first time, file cache dropped' : 'asked the first time'
  const p99 = (name: string, seen: Percentiles, bar: number, how: string): Row =>
    row({
      ...{
        name: `${name}-p99`,
        unit: 'ms',
        value: seen.at(99),
        bar: atMost(bar),
        durability: READS,
      },
      latency: { p50: seen.at(50), p99: seen.at(99), max: seen.max },
      note: `${count(seen.count)} times, ${how}`,
    })
  return [
    p99('growth-page', pages, 20, first),
    p99('growth-page-cached', pagesAgain, 5, 'the same again'),
    p99('growth-past-balance', balances, 20, first),
    p99('growth-past-balance-cached', balancesAgain, 5, 'the same again'),
    row({
      ...{ name: 'growth-rows-p50', unit: 'ms', value: rowTimes.at(50), durability: READS },
      // Fewer rows, as of a small run, would hold the bar too easily.
      bar: rows < ROWS ? undefined : atMost(280),
      latency: { p50: rowTimes.at(50), p99: rowTimes.at(99), max: rowTimes.max },
      note: `${count(rows)} rows of one account over HTTP, pages of 1,000`,
    }),
  ]
}
