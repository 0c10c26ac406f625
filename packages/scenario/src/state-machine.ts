/**
 * What a state machine shows of itself, so that the slow model and the fast ledger run the same suites.
 * Amounts and ids are bigint, times are ns since 1970.
 */
import type { Command, Operation } from '@tallystick/ledger'

/** Four totals of an account or of a subtree. */
export interface Balances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export interface AccountView extends Balances {
  readonly id: bigint
  readonly address: string
  readonly asset: number
  readonly code: number
  /** As they are now: `closed` comes and goes, `linked` stays as asked. */
  readonly flags: number
  readonly parent: bigint
  readonly limit: bigint
  readonly subtreeLimit: bigint
  readonly metadata: Uint8Array
  /** When it was created. */
  readonly timestamp: bigint
  /** Entries in its chain. */
  readonly entryCount: bigint
  /** undefined: it has neither a child nor ever had a subtree limit. */
  readonly subtree: Balances | undefined
}

/** What a limit said when it refused. */
export interface Refusal {
  readonly account: bigint
  readonly needed: bigint
  readonly available: bigint
  readonly limit: bigint
}

/** One decided event: a command's answer, or a release. */
export interface Decision {
  readonly operation: Operation
  /** A number of the operation's status table; releases always 0. */
  readonly status: number
  readonly sequence: bigint
  readonly timestamp: bigint
  /** The command's id (account, transfer), or the released hold's. */
  readonly id: bigint
  /** What a created transfer moved, held or released (void: what it released; whole post: what it captured); 0 otherwise. */
  readonly amount: bigint
  readonly refusal: Refusal | undefined
}

export interface HoldView {
  readonly id: bigint
  readonly status: 'pending' | 'captured' | 'voided' | 'expired'
  readonly amount: bigint
  readonly captured: bigint
  readonly remaining: bigint
  /** 0 = never. */
  readonly deadline: bigint
}

export interface EntryView extends Balances {
  readonly number: bigint
  readonly sequence: bigint
  readonly previous: bigint
  readonly jump: bigint
}

export interface Batch {
  readonly commands: readonly Command[]
  /** The clock's proposal, ns. */
  readonly proposed: bigint
  readonly dryRun?: boolean
  /** Name of the principal that asks; '' = nobody in particular, and the default. */
  readonly by?: string
  /** It goes on with the group of the batch before: holds are released only where a group begins. */
  readonly withoutReleases?: boolean
}

export interface StateMachine {
  /** Releases first, then one decision per command, in order. */
  apply(batch: Batch): readonly Decision[]
  account(id: bigint): AccountView | undefined
  hold(id: bigint): HoldView | undefined
  /** How much of a posted transfer has been reversed. */
  reversed(id: bigint): bigint
  /** The whole chain of an account, oldest first. */
  entries(id: bigint): readonly EntryView[]
  accountIds(): readonly bigint[]
  /** The earliest deadline of an open hold; undefined = none. */
  nextDeadline(): bigint | undefined
  lastTimestamp(): bigint
  lastSequence(): bigint
  /** Canonical bytes of `contentHash` and `stateHash`, before hashing (docs/decisions/0001). */
  contentBytes(): Uint8Array
  stateBytes(): Uint8Array
}

export interface MakeOptions {
  /** Holds released at the start of one batch; `RELEASES_PER_BATCH_MAX` when left out. */
  readonly releasesPerBatchMax?: number
}

/** Makes an empty state machine. */
export type MakeMachine = (options?: MakeOptions) => StateMachine
