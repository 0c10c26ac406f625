/**
 * `apply` alone: 1,000,000 accounts without limits, pairs at random, amounts of 1 to 1,000, batches of 8,190, every id new, so that the table of
 * ids grows all the time. Once with time-ordered ids (UUIDv7), once with random ones, each in a fresh process. Included: opening a group,
 * resolving ids, all checks, balances, history links, records, the running digest. Left out: making the batches, journal, engine,
 * sockets. Stretches of uniform pairs and of one hot account take turns on the same ledger; the median stretch counts.
 * Baseline: bare memory, two rows and a record per transfer (`apply/bare-memory.ts`).
 */
import type { ApplyReport, ApplySpec } from '../apply/spec.ts'
import type { IdOrder } from '../load/transfer-ids.ts'
import { askOnce } from '../processes/helper-process.ts'
import { bytes, count, figure } from '../report/figure.ts'
import { atLeast, type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'
import { HOT_BAR, hotRow } from './hot-row.ts'

const ACCOUNTS = 1_000_000
const BATCH = 8_190
const ROUNDS = 5
const SEED = 42
const BARS: Record<IdOrder, number> = { time: 1_500_000, random: 1_300_000 }
const NAMES: Record<IdOrder, string> = { time: 'apply', random: 'apply-random-ids' }

export const apply: Workload = {
  name: 'apply',
  about: 'the state machine alone, 1 M accounts, time-ordered and random ids',
  quickSeconds: 8,
  async run(context) {
    return [...(await rowsFor(context, 'time')), ...(await rowsFor(context, 'random'))]
  },
}

async function rowsFor(context: Context, ids: IdOrder): Promise<Row[]> {
  const spec = specFor(context, ids)
  const report = await askOnce<ApplyReport>('apply-process.ts', spec)
  const sides = { uniform: new Side(), hot: new Side() }
  for (const { spread, transfers, seconds, latencies, cpuSeconds } of report.stretches) {
    const side = spread === 'hot' ? sides.hot : sides.uniform
    side.add({ items: transfers, seconds, latencies, cpu: { apply: cpuSeconds } })
  }
  const { uniform, hot } = sides
  const measured = row({
    ...{ name: NAMES[ids], unit: 'transfers/s', value: uniform.rate, latency: uniform.latency },
    baseline: { of: 'bare memory, two rows and a record', value: 1e9 / report.memoryNs },
    bar: atLeast(BARS[ids]),
    durability: 'none: memory alone',
    note: [
      `${count(spec.accounts)} accounts`,
      `${count(uniform.items + hot.items)} transfers in one ledger`,
      `${figure(1e9 / uniform.rate)} ns each, CPU ${figure(uniform.cpu('apply').itemUs * 1_000)} ns`,
      `stretches ${count(uniform.spread.min)} to ${count(uniform.spread.max)}/s`,
      `RSS ${bytes(report.resident)}`,
    ].join(', '),
  })
  return [measured, hotRow({ of: measured, uniform, hot, bar: HOT_BAR })]
}

function specFor({ quick, accounts }: Context, ids: IdOrder): ApplySpec {
  const transfers = quick ? 400_000 : 1_600_000
  const uniform = { spread: 'uniform', transfers } as const
  const hot = { spread: 'hot', transfers: transfers / 4 } as const
  const rounds = Array.from({ length: quick ? 3 : ROUNDS }, () => [uniform, hot])
  return {
    ...{ accounts: accounts ?? ACCOUNTS, ids, batch: BATCH, seed: SEED, holdsPercent: 0 },
    stretches: [uniform, ...rounds.flat()],
  }
}
