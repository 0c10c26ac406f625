/**
 * The ledger as tables of PostgreSQL: 1,000,000 transfers between 10,000 accounts (uniform pairs, 100 codes, UUIDv7 ids, packed batches of 8,190) are in the journal; the
 * tables are made from it, from zero, three times, in the embedded server; then 300,000 more that were written while nobody followed are caught up. Included: reading
 * the journal, rows, COPY, indexes, balances and turnover, the position, commits. Left out: writing the journal, starting PostgreSQL. Nobody asks the ledger anything
 * meanwhile. Baseline: the rows of movements alone, from a file of PostgreSQL's own into a table without an index.
 */
import { makeDirectory, removeDirectory } from '../processes/end-with-us.ts'
import { askOnce } from '../processes/helper-process.ts'
import type { ReadModelsReport, ReadModelsSpec, ReadModelsStretch } from '../read-models/spec.ts'
import { count, figure } from '../report/figure.ts'
import { atLeast, type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const BAR = 60_000

export const readModels: Workload = {
  name: 'read-models',
  about: 'the ledger as tables of PostgreSQL: made from zero, and caught up',
  quickSeconds: undefined,
  async run(context) {
    const directory = makeDirectory(context.directory)
    try {
      const spec = specFor(context, directory)
      const report = await askOnce<ReadModelsReport>('read-models-process.ts', spec)
      return [
        rowOf('read-models-rebuild', report.rebuilds, report),
        rowOf('read-models-catch-up', [report.catchUp], report),
      ]
    } finally {
      removeDirectory(directory)
    }
  },
}

function specFor({ quick, transfers }: Context, directory: string): ReadModelsSpec {
  const all = transfers ?? (quick ? 200_000 : 1_000_000)
  return {
    ...{ directory, accounts: 10_000, batch: 8_190, codes: 100, seed: 42 },
    ...{ transfers: all, behind: Math.round(all * 0.3), rebuilds: quick ? 1 : 3 },
  }
}

function rowOf(
  name: string,
  stretches: readonly ReadModelsStretch[],
  { bare, bytesPerMovement }: ReadModelsReport,
): Row {
  const side = new Side()
  for (const { events, seconds, cpuSeconds } of stretches) {
    side.add({
      ...{ items: events, seconds, latencies: new Float64Array() },
      cpu: { thread: cpuSeconds },
    })
  }
  const { min, max } = side.spread
  return row({
    ...{ name, unit: 'transfers/s', value: side.rate, bar: atLeast(BAR) },
    baseline: { of: 'bare COPY of the movements, no index', value: bare.events / bare.seconds },
    durability: 'none: made again from the journal',
    note: [
      `${count(side.items)} events, ${count(min)} to ${count(max)}/s`,
      `CPU ${figure(side.cpu('thread').itemUs)} µs each beside PostgreSQL's`,
      `${figure(bytesPerMovement)} bytes a movement with indexes`,
    ].join(', '),
  })
}
