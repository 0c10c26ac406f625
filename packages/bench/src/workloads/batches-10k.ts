/**
 * Large durable batches, 10,000 accounts: one client with one connection and one request in flight sends packed batches of 8,190 transfers over HTTP to the real
 * server; 10 million transfers between uniform pairs of accounts without limits, UUIDv7 ids, amounts of 1 to 1,000, an idempotency key per batch. Each
 * answer comes after fdatasync, and all its statuses are checked. Included: HTTP, digest, decision, journal, ids, and the client's CPU on the
 * same cores. Left out: making the first batch. Stretches of one hot account take turns. Baseline: the bare log, same bytes.
 */
import { atLeast, atMost } from '../report/row.ts'
import type { Workload } from '../workload.ts'
import { runLargeBatches } from './batches.ts'

export const batches10k: Workload = {
  name: 'batches-10k',
  about: 'packed batches of 8,190, one client, 10 k accounts, 10 M transfers',
  quickSeconds: 6,
  run: (context) =>
    runLargeBatches(context, {
      ...{ name: 'batches-10k', accounts: 10_000, holdsPercent: 0, transfers: 10_000_000 },
      ...{ bar: atLeast(1_200_000), p99Bar: atMost(25) },
    }),
}
