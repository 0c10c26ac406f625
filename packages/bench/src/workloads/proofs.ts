/**
 * What the proof log costs. Two servers over data of their own, one with and one without it, take turns; the one with it has caught up before the other is measured.
 * Burst: packed batches of 8,190 over one connection for some seconds, 10,000 accounts, the proof log lagging as it may. Sustained: the same without a pause until the
 * backlog is as long as it may get, and then on; in full runs only. Single transfers as JSON over 64 connections. Then receipts of random transfers, one after
 * another, with the client's own time. Baseline: the server without a proof log.
 */
import { ask, caughtUp, get, type LogState } from '../http/proof-log.ts'
import { type Extent, Rig } from '../http/rig.ts'
import { type LoadShape, transfersShape } from '../load/spec.ts'
import { Percentiles } from '../report/percentiles.ts'
import { count, figure } from '../report/figure.ts'
import { atLeast, atMost, type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 10_000
const BATCH = 8_190
/** The backlog is longest after some two and a half minutes; what comes then is sustained. */
const FILLING_SECONDS = 180
const SUSTAINED_SECONDS = 15

const durability = 'fdatasync before the answer'

const BATCHES: LoadShape = transfersShape({
  ...{ kind: 'packed', connections: 1, batch: BATCH, accounts: ACCOUNTS, addressed: true },
})
const SINGLES = transfersShape({ kind: 'single', connections: 64, batch: 1, accounts: ACCOUNTS })

interface Sides {
  readonly proved: Side
  readonly plain: Side
}

export const proofs: Workload = {
  name: 'proofs',
  about: 'what the proof log costs, and how long a receipt takes',
  quickSeconds: undefined,
  async run(context) {
    const plain = await Rig.start(context, ['--proofs', 'false'])
    const proved = await Rig.start(context)
    try {
      return await measure(context, { plain, proved })
    } finally {
      await Promise.all([plain.stop(), proved.stop()])
    }
  },
}

interface Rigs {
  readonly plain: Rig
  readonly proved: Rig
}

async function measure({ quick }: Context, rigs: Rigs): Promise<Row[]> {
  const { plain, proved } = rigs
  const since = Date.now()
  for (const rig of [plain, proved]) {
    await rig.openAccounts(BATCHES)
    await rig.load(BATCHES, extentOf(quick ? 0.5 : 3))
    await rig.load(SINGLES, extentOf(quick ? 0.5 : 2))
  }
  const burst = await turns(rigs, BATCHES, { rounds: quick ? 2 : 3, seconds: quick ? 2 : 6 })
  const singles = await turns(rigs, SINGLES, { rounds: 3, seconds: quick ? 0.5 : 2 })
  const rows = [
    ratioRow('proofs-burst', burst, 0.8),
    ratioRow('proofs-singles', singles, 0.95),
    await receiptsRow(proved, quick ? 100 : 1_000, since),
  ]
  if (quick) return rows
  await proved.load(BATCHES, extentOf(FILLING_SECONDS))
  const sustained = { proved: new Side(), plain: new Side() }
  sustained.proved.add(await proved.stretch(BATCHES, extentOf(SUSTAINED_SECONDS)))
  await caughtUp(proved)
  sustained.plain.add(await plain.stretch(BATCHES, extentOf(SUSTAINED_SECONDS)))
  return [...rows, ratioRow('proofs-sustained', sustained, 0.5)]
}

const extentOf = (seconds: number): Extent => ({ requests: Number.MAX_SAFE_INTEGER, seconds })

async function turns(
  { plain, proved }: Rigs,
  shape: LoadShape,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Sides> {
  const sides = { proved: new Side(), plain: new Side() }
  for (let round = 0; round < rounds; round++) {
    sides.proved.add(await proved.stretch(shape, extentOf(seconds)))
    await caughtUp(proved)
    sides.plain.add(await plain.stretch(shape, extentOf(seconds)))
  }
  return sides
}

function ratioRow(name: string, { proved, plain }: Sides, bar: number): Row {
  return row({
    ...{ name, unit: 'with ÷ without', value: proved.rate / plain.rate, durability },
    ...{ latency: proved.latency, bar: atLeast(bar) },
    note: `${count(proved.rate)} and ${count(plain.rate)} transfers/s; p99 without ${figure(plain.latency.p99)} ms`,
  })
}

/** Of transfers that lie anywhere in the log. */
async function receiptsRow(rig: Rig, receipts: number, since: number): Promise<Row> {
  await caughtUp(rig)
  const ids = await someTransfers(rig, receipts, since)
  const latencies: number[] = []
  for (const id of ids) {
    const began = performance.now()
    const answer = await get(rig, `/v1/transfers/${id}/receipt`)
    const text = await answer.text()
    latencies.push(performance.now() - began)
    if (answer.status !== 200) throw new Error(`a receipt was refused: ${text}`)
  }
  const all = new Percentiles(Float64Array.from(latencies))
  const { signed } = await ask<LogState>(rig, '/v1/log')
  return row({
    ...{ name: 'proofs-receipt', unit: 'ms', value: all.at(99), durability: 'none: reads' },
    latency: { p50: all.at(50), p99: all.at(99), max: all.max },
    bar: atMost(5),
    note: `p99 of ${count(latencies.length)} receipts out of ${count(Number(signed))} events`,
  })
}

interface Page {
  readonly data: readonly { readonly address?: string; readonly transfer_id?: string }[]
}

/** A few of each of some accounts, up to random moments since then. */
async function someTransfers(rig: Rig, wanted: number, since: number): Promise<string[]> {
  const accounts = await ask<Page>(rig, '/v1/accounts?limit=100')
  const ids: string[] = []
  const perAccount = Math.ceil(wanted / accounts.data.length)
  for (const { address = '' } of accounts.data) {
    const to = new Date(Date.now() - Math.random() * (Date.now() - since) * 0.9).toISOString()
    const page = await ask<Page>(
      rig,
      `/v1/accounts/${address}/entries?to=${to}&limit=${perAccount}`,
    )
    ids.push(...page.data.flatMap(({ transfer_id: id }) => id ?? []))
  }
  return ids.slice(0, wanted)
}
