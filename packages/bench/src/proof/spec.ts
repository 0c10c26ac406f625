/** What a run of the making of leaves is asked, and what it saw. */

/** Plain transfers, or posts of holds, whose content takes two blocks. */
export type Sort = 'plain' | 'posts'

export interface ProofSpec {
  readonly accounts: number
  /** Events of a frame. */
  readonly batch: number
  readonly seed: number
  /** In order; the first of each sort warms up and is not reported. All of them go into one tree. */
  readonly stretches: readonly { readonly sort: Sort; readonly leaves: number }[]
}

export interface ProofStretch {
  readonly sort: Sort
  readonly leaves: number
  readonly seconds: number
  /** CPU time of the same, user and system, of this thread. */
  readonly cpuSeconds: number
  /** ms of each frame. */
  readonly latencies: Float64Array
}

export interface ProofReport {
  readonly stretches: readonly ProofStretch[]
  /** What node:crypto takes for as many blocks in one message, ns for one leaf. */
  readonly bareNs: number
  /** Tiles that became full. */
  readonly tiles: number
}
