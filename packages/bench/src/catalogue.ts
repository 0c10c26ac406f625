/** All workloads, in the order in which they run and are listed. */
import { accounts } from './workloads/accounts.ts'
import { apply } from './workloads/apply.ts'
import { batches10k } from './workloads/batches-10k.ts'
import { batches1m } from './workloads/batches-1m.ts'
import { batchesHolds } from './workloads/batches-holds.ts'
import { engine } from './workloads/engine.ts'
import { growth } from './workloads/growth.ts'
import { journal } from './workloads/journal.ts'
import { jsonBatches } from './workloads/json-batches.ts'
import { proofLeaves } from './workloads/proof-leaves.ts'
import { proofs } from './workloads/proofs.ts'
import { readModels } from './workloads/read-models.ts'
import { reads } from './workloads/reads.ts'
import { rules } from './workloads/rules.ts'
import { singles } from './workloads/singles.ts'
import { smallBatches } from './workloads/small-batches.ts'
import type { Workload } from './workload.ts'

export const WORKLOADS: readonly Workload[] = [
  apply,
  proofLeaves,
  journal,
  engine,
  batches10k,
  batches1m,
  batchesHolds,
  ...smallBatches,
  ...jsonBatches,
  ...singles,
  reads,
  proofs,
  readModels,
  growth,
  accounts,
  rules,
]

/** What all quick runs together may take. */
export const QUICK_SECONDS_MAX = 60
