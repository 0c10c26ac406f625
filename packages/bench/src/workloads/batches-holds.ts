/**
 * Large durable batches with holds: as `batches-10k`, but 30 of a hundred transfers are holds with a timeout of 1 to 5 seconds, which the ledger releases
 * by itself when they are due, while the batches go on. Releases are work that is not counted as transfers. 5 million transfers.
 * Baseline: the bare log, the same bytes without releases.
 */
import { atLeast } from '../report/row.ts'
import type { Workload } from '../workload.ts'
import { runLargeBatches } from './batches.ts'

export const batchesHolds: Workload = {
  name: 'batches-holds',
  about: 'packed batches of 8,190, one client, 30 % holds with timeouts of 1 to 5 s',
  quickSeconds: undefined,
  run: (context) =>
    runLargeBatches(context, {
      ...{ name: 'batches-holds', accounts: 10_000, holdsPercent: 30, transfers: 5_000_000 },
      bar: atLeast(700_000),
    }),
}
