/** Whoever makes the tree, in a thread or on the spot. */
import type { AccountsState } from './accounts-root.ts'
import type { ProofHead } from './proof-files.ts'

export interface ProvingOptions {
  /** The tree as it is now on disk. */
  readonly onHead: (head: ProofHead) => void
  /** For an operator. */
  readonly onNote: (note: string) => void
  /** It has stopped: the ledger goes on without. */
  readonly onFailure: (why: string) => void
}

/** A tree over all accounts is to be made. */
export interface TreeOrder {
  /** Path of a published snapshot. */
  readonly snapshot: string
  /** Of the frame that holds the snapshot's event, 32 bytes. */
  readonly salt: Uint8Array
}

export interface Proving {
  /** The book is durable up to here. */
  durable(sequence: number): void
  /** Somebody waits for a proof of this event. */
  want(sequence: number): void
  /** Throws the files away and begins with the first event again. @param why for the operator */
  remake(why: string): void
  /** One at a time. Undefined: the snapshot is gone. Rejects with why it could not be made. */
  tree(order: TreeOrder): Promise<AccountsState | undefined>
  close(): Promise<void>
}
