/**
 * The embedded ledger, durable, without a server: `openLedger` over a new directory, 10,000 accounts without limits, uniform pairs, UUIDv7 ids, packed batches. 8,190
 * transfers with one and with two batches in flight; 100 with one and with ten; single transfers with 64. Included: digest, decision, journal, fdatasync,
 * reading the statuses. Left out: HTTP, sockets, a second process; batches are made by the same thread. No bars: these rows say what the server
 * costs. Baseline: the bare log, the bytes of all requests in flight in one write.
 */
import type { EmbeddedStretch, EngineSpec } from '../embedded/spec.ts'
import { frameSize } from '../frame-size.ts'
import { measureLog } from '../machine/log-baseline.ts'
import { makeDirectory, removeDirectory } from '../processes/end-with-us.ts'
import { askOnce } from '../processes/helper-process.ts'
import { count, figure } from '../report/figure.ts'
import { type Row, row } from '../report/row.ts'
import { Side } from '../stretches.ts'
import type { Context, Workload } from '../workload.ts'

const ACCOUNTS = 10_000
const SEED = 42
const STRETCHES = 3

const WAYS = [
  { batch: 8_190, inFlight: 1 },
  { batch: 8_190, inFlight: 2 },
  { batch: 100, inFlight: 1 },
  { batch: 100, inFlight: 10 },
  { batch: 1, inFlight: 64 },
] as const

export const engine: Workload = {
  name: 'engine',
  about: 'the embedded ledger without a server: batches of 8,190, of 100, of one',
  quickSeconds: undefined,
  async run(context) {
    const rows: Row[] = []
    for (const way of WAYS) rows.push(await rowFor(context, way))
    return rows
  },
}

async function rowFor(context: Context, { batch, inFlight }: (typeof WAYS)[number]): Promise<Row> {
  const directory = makeDirectory(context.directory)
  try {
    const spec: EngineSpec = {
      ...{ directory, accounts: ACCOUNTS, batch, inFlight, seed: SEED, stretches: STRETCHES },
      ...{ requests: Number.MAX_SAFE_INTEGER, seconds: context.quick ? 0.3 : 1 },
    }
    const side = new Side()
    for (const seen of await askOnce<EmbeddedStretch[]>('engine-process.ts', spec)) {
      side.add({ ...seen, items: seen.requests * batch, cpu: { engine: seen.cpuSeconds } })
    }
    const size = frameSize({ requests: inFlight, transfers: batch * inFlight, holdsPercent: 0 })
    const bare = measureLog({
      directory,
      bytes: size,
      writes: 10_000,
      seconds: context.quick ? 0.3 : 1,
    })
    return row({
      ...{ name: `engine-${batch}x${inFlight}`, unit: 'transfers/s', value: side.rate },
      latency: side.latency,
      baseline: { of: 'bare log, same bytes', value: bare.writesPerSecond * batch * inFlight },
      durability: 'fdatasync before the answer',
      note: `${count(side.items)} transfers, ${figure(side.cpu('engine').cores)} cores`,
    })
  } finally {
    removeDirectory(directory)
  }
}
