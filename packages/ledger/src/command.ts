/**
 * The commands of the state machine as plain objects: what the library, the scenario player and the tests
 * speak. `batch.ts` packs them into the 128-byte form that `apply` reads.
 */

/** The command's number in the packed form and in the book. */
export const Operation = {
  createTransfer: 1,
  /** Written by the state machine itself when a hold's deadline has come; never sent. */
  releaseHold: 2,
  createAccount: 3,
  changeLimit: 4,
  changeMetadata: 5,
  closeAccount: 6,
  reopenAccount: 7,
  registerAsset: 8,
  closeBooks: 9,
  /** The first of the control commands (32 … 63), which come from the ledger's own operators and services. */
  attest: 32,
  /** Of access: principals, keys, roles, grants. */
  control: 33,
  /** Of rules: what changes them, and what they did. */
  rule: 34,
} as const
export type Operation = (typeof Operation)[keyof typeof Operation]

export interface CreateTransfer {
  readonly operation: typeof Operation.createTransfer
  /** u128, not 0 and not 2^128 − 1. */
  readonly id: bigint
  /** u128; 0 on post and void inherits the hold's. */
  readonly debitAccountId: bigint
  readonly creditAccountId: bigint
  /** u128 minor units; on post 2^128 − 1 means all that remains, on void 0 does. */
  readonly amount: bigint
  /** The hold to post or void, or the transfer to reverse; 0 otherwise. */
  readonly pendingId: bigint
  /** Seconds until a hold is released; 0 = never. */
  readonly timeout: number
  readonly asset: number
  readonly code: number
  /** `TransferFlags`. */
  readonly flags: number
  /** Value date, ns since 1970; 0 = the ledger's own time. */
  readonly effectiveAt: bigint
  /** Opaque, ≤ 4 KiB; empty on post and void inherits the hold's. */
  readonly metadata: Uint8Array
}

export interface CreateAccount {
  readonly operation: typeof Operation.createAccount
  readonly id: bigint
  /** ASCII; '' for accounts that are known by their id alone. */
  readonly address: string
  readonly asset: number
  readonly code: number
  /** `AccountFlags`. */
  readonly flags: number
  /** Parent's id; 0 = none. */
  readonly parent: bigint
  readonly limit: bigint
  /** `NO_SUBTREE_LIMIT` = none. */
  readonly subtreeLimit: bigint
  readonly metadata: Uint8Array
}

/** 2^128 − 1: no total can pass it, so it stands for "no subtree limit". */
export const NO_SUBTREE_LIMIT = (1n << 128n) - 1n

export interface ChangeLimit {
  readonly operation: typeof Operation.changeLimit
  /** The account. */
  readonly id: bigint
  /** `AccountFlags.linked` or none, here and below. */
  readonly flags: number
  /** undefined leaves it as it is. */
  readonly limit: bigint | undefined
  readonly subtreeLimit: bigint | undefined
}

export interface ChangeMetadata {
  readonly operation: typeof Operation.changeMetadata
  readonly id: bigint
  readonly flags: number
  readonly metadata: Uint8Array
}

export interface CloseAccount {
  readonly operation: typeof Operation.closeAccount
  readonly id: bigint
  readonly flags: number
}

export interface ReopenAccount {
  readonly operation: typeof Operation.reopenAccount
  readonly id: bigint
  readonly flags: number
}

export interface RegisterAsset {
  readonly operation: typeof Operation.registerAsset
  readonly asset: number
  readonly flags: number
  /** Text with its scale, like `PTS/0`, ≤ 24 ASCII characters. */
  readonly name: string
}

export interface CloseBooks {
  readonly operation: typeof Operation.closeBooks
  /** The subtree's account; 0 = the whole asset. */
  readonly id: bigint
  readonly asset: number
  readonly flags: number
  /** Nothing may be dated at or before this, ns; 0 opens the books again. */
  readonly until: bigint
}

/** Puts a statement on record: the machine keeps it, and says nothing of its truth. */
export interface Attest {
  readonly operation: typeof Operation.attest
  readonly flags: number
  /** Opaque, ≤ 4 KiB. */
  readonly statement: Uint8Array
}

/** Changes who may do what (package `access`). Stands alone in its batch. */
export interface Control {
  readonly operation: typeof Operation.control
  readonly flags: number
  /** As `encodeControl` of `access` writes it, ≤ 4 KiB. */
  readonly statement: Uint8Array
}

/** Changes the rules that watch the stream, or says what one of them did (package `rules`). Stands alone. */
export interface Rule {
  readonly operation: typeof Operation.rule
  readonly flags: number
  /** As `encodeRuleCommand` of `rules` writes it, ≤ 4 KiB. */
  readonly statement: Uint8Array
}

export type Command =
  | CreateTransfer
  | CreateAccount
  | ChangeLimit
  | ChangeMetadata
  | CloseAccount
  | ReopenAccount
  | RegisterAsset
  | CloseBooks
  | Attest
  | Control
  | Rule
