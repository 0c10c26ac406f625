/** What a run of `apply` alone is asked, and what it saw. */
import type { Spread } from '../load/pairs.ts'
import type { IdOrder } from '../load/transfer-ids.ts'

export interface ApplySpec {
  readonly accounts: number
  readonly ids: IdOrder
  readonly batch: number
  readonly seed: number
  /** Of a hundred transfers, how many are holds with a timeout of 1 to 5 seconds. */
  readonly holdsPercent: number
  /** In order; the first warms up and is not reported. All of them fill the same ledger. */
  readonly stretches: readonly { readonly spread: Spread; readonly transfers: number }[]
}

export interface ApplyStretch {
  readonly spread: Spread
  readonly transfers: number
  /** Inside the ledger; making the batches is not counted. */
  readonly seconds: number
  /** CPU time of the same, user and system, of this thread. */
  readonly cpuSeconds: number
  /** ms of each batch. */
  readonly latencies: Float64Array
}

export interface ApplyReport {
  readonly stretches: readonly ApplyStretch[]
  /** The bare memory's share of one transfer, ns. */
  readonly memoryNs: number
  /** Bytes resident at the end. */
  readonly resident: number
}
