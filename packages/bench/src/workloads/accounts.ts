/**
 * Opening accounts: 10,000,000 accounts, each with an address of 14 characters and the id that follows from it, in packed batches of 8,000 over one connection with one
 * request in flight. Every answer comes after fdatasync, and all its statuses are checked. The client hashes every address while it waits, on the same
 * cores. Then the server's memory is read, it is ended with SIGKILL, and the time from a new start to its first answer of `/readyz` is taken; after that,
 * the same with SIGTERM. Takes about a minute. Baseline: the bare log, same bytes.
 */
import { frameBytes } from '@tallystick/journal'

import { type Extent, Rig } from '../http/rig.ts'
import { measureLog } from '../machine/log-baseline.ts'
import { diskUsage } from '../machine/disk-usage.ts'
import { memoryUse } from '../machine/process-usage.ts'
import { Percentiles } from '../report/percentiles.ts'
import { bytes, count, figure } from '../report/figure.ts'
import { atLeast, atMost, type Row, row } from '../report/row.ts'
import type { LoadReport } from '../load/spec.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 10_000_000
const BATCH = 8_000
/** Record, address, place in the table of offsets. */
const OPENED_BYTES = 96 + 16 + 4
const GIB = 2 ** 30
const DURABILITY = 'fdatasync before the answer'
const LOG: Extent = { requests: 500, seconds: 1 }

export const accounts: Workload = {
  name: 'accounts',
  about: '10 M accounts with addresses opened in batches, then restarts',
  quickSeconds: undefined,
  async run(context) {
    const rig = await Rig.start(context)
    try {
      return await measure(context, rig)
    } finally {
      await rig.stop()
    }
  },
}

async function measure(context: Context, rig: Rig): Promise<Row[]> {
  const opened = context.accounts ?? (context.quick ? 500_000 : ACCOUNTS)
  const report = await rig.openAccounts(
    { accounts: opened, addressed: true },
    ({ requests, seconds }) =>
      context.say(`  ${count(requests * BATCH)} accounts after ${figure(seconds)} s`),
  )
  const memory = memoryUse(rig.server.pid)
  const rows = [rateRow(rig, opened, report), rssRow('accounts-rss', memory.peak, opened)]
  const disk = diskUsage(rig.server.dataDirectory)
  await rig.restart('SIGKILL')
  const afterKill = rig.server.startMs
  await rig.restart('SIGTERM')
  const note = `${count(opened)} accounts, ${bytes(disk.bytes)} on disk`
  rows.push(restartRow('accounts-restart-killed', afterKill, `${note}, ended with SIGKILL`))
  rows.push(restartRow('accounts-restart', rig.server.startMs, `${note}, ended with SIGTERM`))
  return rows
}

function rateRow(rig: Rig, opened: number, report: LoadReport): Row {
  const latency = new Percentiles(report.latencies)
  const size = frameBytes(64 + 192 + BATCH * OPENED_BYTES)
  const bare = measureLog({
    directory: rig.directory,
    bytes: size,
    writes: LOG.requests,
    seconds: LOG.seconds,
  })
  return row({
    ...{
      name: 'accounts',
      unit: 'accounts/s',
      value: opened / report.seconds,
      durability: DURABILITY,
    },
    latency: { p50: latency.at(50), p99: latency.at(99), max: latency.max },
    baseline: { of: 'bare log, same bytes', value: bare.writesPerSecond * BATCH },
    bar: atLeast(300_000),
    note: `${count(opened)} accounts; client ${figure(report.cpuSeconds / report.seconds)} cores`,
  })
}

function rssRow(name: string, peak: number, opened: number): Row {
  return row({
    ...{ name, unit: 'GiB', value: peak / GIB, bar: atMost(4), durability: DURABILITY },
    note: `the server's peak, ${count(opened)} accounts`,
  })
}

function restartRow(name: string, ms: number, note: string): Row {
  return row({ name, unit: 's', value: ms / 1_000, bar: atMost(15), durability: DURABILITY, note })
}
