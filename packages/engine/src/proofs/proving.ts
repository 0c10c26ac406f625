/** Whoever makes the tree, in a thread or on the spot. */
import type { ProofHead } from './proof-files.ts'

export interface ProvingOptions {
  /** The tree as it is now on disk. */
  readonly onHead: (head: ProofHead) => void
  /** For an operator. */
  readonly onNote: (note: string) => void
  /** It has stopped: the ledger goes on without. */
  readonly onFailure: (why: string) => void
}

export interface Proving {
  /** The book is durable up to here. */
  durable(sequence: number): void
  /** Somebody waits for a proof of this event. */
  want(sequence: number): void
  /** Throws the files away and begins with the first event again. @param why for the operator */
  remake(why: string): void
  close(): Promise<void>
}
