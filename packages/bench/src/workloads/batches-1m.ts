/**
 * Large durable batches, 1,000,000 accounts: as `batches-10k`, but with accounts that fit into no cache, and 5 million transfers. Opening
 * them is not counted. Baseline: the bare log, same bytes.
 */
import { atLeast } from '../report/row.ts'
import type { Workload } from '../workload.ts'
import { runLargeBatches } from './batches.ts'

export const batches1m: Workload = {
  name: 'batches-1m',
  about: 'packed batches of 8,190, one client, 1 M accounts',
  quickSeconds: undefined,
  run: (context) =>
    runLargeBatches(context, {
      ...{ name: 'batches-1m', accounts: 1_000_000, holdsPercent: 0, transfers: 5_000_000 },
      bar: atLeast(750_000),
    }),
}
