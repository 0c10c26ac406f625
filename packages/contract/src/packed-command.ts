/**
 * Commands as a packed batch carries them: ids as numbers, assets by number. Numbers and bits are those of the journal and
 * never change; `ledger`, which this package may not import, has the same.
 */

export const PackedOperation = {
  createTransfer: 1,
  createAccount: 3,
  changeLimit: 4,
  changeMetadata: 5,
  closeAccount: 6,
  reopenAccount: 7,
  registerAsset: 8,
  closeBooks: 9,
} as const
export type PackedOperation = (typeof PackedOperation)[keyof typeof PackedOperation]

export const PackedTransferFlags = {
  none: 0,
  /** All or nothing together with the next command. */
  linked: 1 << 0,
  /** A hold. */
  pending: 1 << 1,
  postPendingTransfer: 1 << 2,
  voidPendingTransfer: 1 << 3,
  balancingDebit: 1 << 4,
  balancingCredit: 1 << 5,
  closingDebit: 1 << 6,
  closingCredit: 1 << 7,
  /** With `postPendingTransfer`: the rest stays held. */
  partial: 1 << 8,
  reversal: 1 << 9,
} as const

export const PackedAccountFlags = {
  none: 0,
  linked: 1 << 0,
  debitsMustNotExceedCredits: 1 << 1,
  creditsMustNotExceedDebits: 1 << 2,
  closed: 1 << 3,
} as const

/** 2^128 − 1: as a subtree limit "none", as the amount of a capture "all that remains". */
export const ALL_ONES = (1n << 128n) - 1n

export interface PackedTransfer {
  readonly operation: typeof PackedOperation.createTransfer
  readonly id: bigint
  readonly debitAccountId: bigint
  readonly creditAccountId: bigint
  /** Minor units. */
  readonly amount: bigint
  /** The hold or the transfer that it is about; 0n = none. */
  readonly pendingId: bigint
  /** ns since 1970; 0n = now. */
  readonly effectiveAt: bigint
  /** Seconds; 0 = none. */
  readonly timeout: number
  readonly asset: number
  readonly code: number
  /** `PackedTransferFlags`. */
  readonly flags: number
  /** Canonical JSON as UTF-8; empty = none. */
  readonly metadata: Uint8Array
}

export interface PackedAccount {
  readonly operation: typeof PackedOperation.createAccount
  readonly id: bigint
  /** ASCII. */
  readonly address: string
  /** 0n = none. */
  readonly parent: bigint
  readonly limit: bigint
  /** `ALL_ONES` = none. */
  readonly subtreeLimit: bigint
  readonly asset: number
  readonly code: number
  /** `PackedAccountFlags`. */
  readonly flags: number
  readonly metadata: Uint8Array
}

export interface PackedLimitChange {
  readonly operation: typeof PackedOperation.changeLimit
  readonly id: bigint
  readonly flags: number
  /** undefined leaves it as it is. */
  readonly limit: bigint | undefined
  readonly subtreeLimit: bigint | undefined
}

export interface PackedMetadataChange {
  readonly operation: typeof PackedOperation.changeMetadata
  readonly id: bigint
  readonly flags: number
  readonly metadata: Uint8Array
}

export interface PackedClosure {
  readonly operation: typeof PackedOperation.closeAccount | typeof PackedOperation.reopenAccount
  readonly id: bigint
  readonly flags: number
}

export interface PackedAsset {
  readonly operation: typeof PackedOperation.registerAsset
  readonly asset: number
  readonly flags: number
  /** Like `PTS/0`; ASCII. */
  readonly name: string
}

export interface PackedBooks {
  readonly operation: typeof PackedOperation.closeBooks
  /** The account of the subtree; 0n = the whole asset. */
  readonly id: bigint
  readonly asset: number
  readonly flags: number
  /** ns since 1970; 0n opens the books. */
  readonly until: bigint
}

export type PackedCommand =
  | PackedTransfer
  | PackedAccount
  | PackedLimitChange
  | PackedMetadataChange
  | PackedClosure
  | PackedAsset
  | PackedBooks
