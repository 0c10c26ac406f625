/** What the sealing side tells the side that looks up: which runs there are, and the filters in shared memory. */
import type { RunPlace } from './manifest.ts'
import type { Family } from './run-format.ts'

export interface SharedFilter {
  readonly family: Family
  readonly bits: SharedArrayBuffer
  readonly keys: number
}

/** Structured-clonable: it crosses threads. */
export interface SealState {
  /** Counts changes, from 1. */
  readonly revision: number
  /** Last sequence that the runs cover; 0 = none. */
  readonly through: number
  readonly seed: number
  readonly runs: readonly RunPlace[]
  readonly filters: readonly SharedFilter[]
}
