/**
 * Growth: one data directory that is filled without a pause by one client with one connection, one packed batch of 8,190 in flight: 10,000 accounts with addresses,
 * uniform pairs, but every thousandth transfer touches account 0; UUIDv7 ids; 10 million transfers, or as many as `--transfers` says. After a warm-up of two seconds,
 * which is part of the directory but not of the rates: the rate of each tenth, and the longest batch.
 * Then: the server's peak memory; the time from a new start to `/readyz` after SIGKILL; once the proof log has caught up, bytes on disk per transfer, everything
 * included, and the time from a new start after SIGTERM; and over HTTP, one request at a time after a hundred that are not counted, first with the kernel's file cache dropped and then again: pages of
 * 100 entries before random moments of random accounts, balances at random moments; 8,000 rows of account 0 in pages of 1,000, repeatedly. Every answer is checked. Baseline: the bare log, same bytes.
 */
import { caughtUp } from '../http/proof-log.ts'
import { Rig } from '../http/rig.ts'
import { frameSize } from '../frame-size.ts'
import { Asker } from '../growth/ask.ts'
import { forgetFiles } from '../growth/cold.ts'
import {
  askAll,
  balanceQuestions,
  pageQuestions,
  type Past,
  readRows,
  warmUpQuestions,
} from '../growth/history.ts'
import { growthRows, type Grown, type HistorySeen, ROWS } from '../growth/rows.ts'
import { type LoadReport, type LoadShape, transfersShape } from '../load/spec.ts'
import { diskUsage } from '../machine/disk-usage.ts'
import { measureLog } from '../machine/log-baseline.ts'
import { memoryUse } from '../machine/process-usage.ts'
import { count, figure } from '../report/figure.ts'
import { Percentiles } from '../report/percentiles.ts'
import type { Context, Workload } from '../workload.ts'

const BATCH = 8_190
const ACCOUNTS = 10_000
const TRANSFERS = 10_000_000
const TRANSFERS_QUICK = 1_000_000
const WARM_UP = { requests: Number.MAX_SAFE_INTEGER, seconds: 2 }
const SECONDS_MAX = 7_200
const QUESTIONS = 1_000
const ROWS_TIMES = 20
/** A line of progress for so many. */
const PROGRESS_EVERY_MS = 10_000

export const growth: Workload = {
  name: 'growth',
  about: 'one data directory filled without a pause, then asked about its past (--transfers N)',
  quickSeconds: undefined,
  async run(context) {
    const rig = await Rig.start(context)
    try {
      return growthRows(await measure(context, rig))
    } finally {
      await rig.stop()
    }
  },
}

async function measure(context: Context, rig: Rig): Promise<Grown> {
  const transfers = context.transfers ?? (context.quick ? TRANSFERS_QUICK : TRANSFERS)
  const shape = transfersShape({
    ...{ kind: 'packed', connections: 1, batch: BATCH, accounts: context.accounts ?? ACCOUNTS },
    ...{ addressed: true, spread: 'busy' },
  })
  await rig.openAccounts(shape)
  const warm = await rig.load(shape, WARM_UP)
  const from = Date.now()
  const report = await fill(context, rig, shape, Math.max(10, Math.ceil(transfers / BATCH)))
  const past: Past = { accounts: shape.accounts, from, to: Date.now() }
  const memory = memoryUse(rig.server.pid)
  context.say('  ended with SIGKILL, started again')
  await rig.restart('SIGKILL')
  const killedMs = rig.server.startMs
  const caughtUpSeconds = await waitForProofs(context, rig)
  context.say('  ended with SIGTERM, started again')
  await rig.server.end('SIGTERM')
  const disk = diskUsage(rig.server.dataDirectory)
  const isCold = forgetFiles(rig.server.dataDirectory)
  await rig.restart('SIGTERM')
  const stoppedMs = rig.server.startMs
  const history = await askHistory(context, rig, past)
  const size = frameSize({ requests: 1, transfers: BATCH, holdsPercent: 0 })
  const log = measureLog({ directory: rig.directory, bytes: size, writes: 1_000, seconds: 2 })
  const inDirectory = (warm.requests + report.requests) * BATCH
  return {
    ...{ report, batch: BATCH, inDirectory, memory, killedMs, stoppedMs, caughtUpSeconds },
    ...{ disk, isCold, history },
    log: log.writesPerSecond * BATCH,
  }
}

function fill(context: Context, rig: Rig, shape: LoadShape, requests: number): Promise<LoadReport> {
  let told = performance.now()
  return rig.load(shape, { requests, seconds: SECONDS_MAX }, (progress) => {
    if (performance.now() - told < PROGRESS_EVERY_MS) return
    told = performance.now()
    const done = progress.requests * BATCH
    const rate = done / progress.seconds
    context.say(`  ${count(done)} transfers, ${count(rate)}/s, after ${figure(progress.seconds)} s`)
  })
}

/** What the load left it to do would take the second core from the questions. Returns how long it took. */
async function waitForProofs(context: Context, rig: Rig): Promise<number> {
  context.say('  the proof log catches up')
  const begun = performance.now()
  await caughtUp(rig)
  return (performance.now() - begun) / 1_000
}

async function askHistory(context: Context, rig: Rig, past: Past): Promise<HistorySeen> {
  const asker = await Asker.open(rig.server)
  try {
    const count = context.quick ? QUESTIONS / 10 : QUESTIONS
    const asked = { pages: pageQuestions(past, count), balances: balanceQuestions(past, count) }
    context.say('  asked about its past')
    await askAll(asker, warmUpQuestions(past, count / 10))
    const pages = await askAll(asker, asked.pages)
    const balances = await askAll(asker, asked.balances)
    const pagesAgain = await askAll(asker, asked.pages)
    const balancesAgain = await askAll(asker, asked.balances)
    const times: number[] = []
    let rows = 0
    for (let time = 0; time < (context.quick ? ROWS_TIMES / 4 : ROWS_TIMES); time++) {
      const read = await readRows(asker, ROWS)
      rows = read.rows
      times.push(read.ms)
    }
    return { pages, balances, pagesAgain, balancesAgain, rows, rowTimes: Percentiles.of(times) }
  } finally {
    asker.close()
  }
}
