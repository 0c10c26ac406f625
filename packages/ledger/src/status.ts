/**
 * Every answer of the state machine, one table per command, in order of precedence: the first status
 * that applies is the answer. Numbers are stored in the book and are never reused or renumbered.
 */

/** Answers to `create_transfer`. The first 68 follow TigerBeetle 0.17.7's create_transfers in meaning. */
export const TransferStatus = {
  created: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  idMustNotBeZero: 4,
  idMustNotBeIntMax: 5,
  existsWithDifferentFlags: 6,
  existsWithDifferentPendingId: 7,
  existsWithDifferentTimeout: 8,
  existsWithDifferentDebitAccountId: 9,
  existsWithDifferentCreditAccountId: 10,
  existsWithDifferentAmount: 11,
  existsWithDifferentMetadata: 12,
  existsWithDifferentEffectiveAt: 13,
  existsWithDifferentAsset: 14,
  existsWithDifferentCode: 15,
  exists: 16,
  idAlreadyFailed: 17,
  flagsAreMutuallyExclusive: 18,
  debitAccountIdMustNotBeZero: 19,
  debitAccountIdMustNotBeIntMax: 20,
  creditAccountIdMustNotBeZero: 21,
  creditAccountIdMustNotBeIntMax: 22,
  accountsMustBeDifferent: 23,
  pendingIdMustBeZero: 24,
  pendingIdMustNotBeZero: 25,
  pendingIdMustNotBeIntMax: 26,
  pendingIdMustBeDifferent: 27,
  timeoutReservedForPendingTransfer: 28,
  closingTransferMustBePending: 29,
  assetMustNotBeZero: 30,
  codeMustNotBeZero: 31,
  debitAccountNotFound: 32,
  creditAccountNotFound: 33,
  accountsMustHaveTheSameAsset: 34,
  transferMustHaveTheSameAssetAsAccounts: 35,
  effectiveAtInClosedPeriod: 36,
  pendingTransferNotFound: 37,
  pendingTransferNotPending: 38,
  pendingTransferHasDifferentDebitAccountId: 39,
  pendingTransferHasDifferentCreditAccountId: 40,
  pendingTransferHasDifferentAsset: 41,
  pendingTransferHasDifferentCode: 42,
  exceedsPendingTransferAmount: 43,
  pendingTransferHasDifferentAmount: 44,
  pendingTransferAlreadyPosted: 45,
  pendingTransferAlreadyVoided: 46,
  pendingTransferExpired: 47,
  reversedTransferNotFound: 48,
  reversedTransferNotReversible: 49,
  reversedTransferHasDifferentAccounts: 50,
  exceedsReversibleAmount: 51,
  debitAccountAlreadyClosed: 52,
  creditAccountAlreadyClosed: 53,
  overflowsDebitsPending: 54,
  overflowsCreditsPending: 55,
  overflowsDebitsPosted: 56,
  overflowsCreditsPosted: 57,
  overflowsDebits: 58,
  overflowsCredits: 59,
  overflowsTimeout: 60,
  overflowsSubtree: 61,
  exceedsCredits: 62,
  exceedsDebits: 63,
  exceedsSubtreeLimit: 64,
  /** Of who asks, not of an account: it burns no id, since another may ask for the same. */
  exceedsCeiling: 65,
} as const
export type TransferStatus = (typeof TransferStatus)[keyof typeof TransferStatus]

/** Answers to `create_account`. */
export const AccountStatus = {
  created: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  idMustNotBeZero: 4,
  idMustNotBeIntMax: 5,
  existsWithDifferentFlags: 6,
  existsWithDifferentAddress: 7,
  existsWithDifferentParent: 8,
  existsWithDifferentAsset: 9,
  existsWithDifferentCode: 10,
  exists: 11,
  flagsAreMutuallyExclusive: 12,
  assetMustNotBeZero: 13,
  codeMustNotBeZero: 14,
  parentNotFound: 15,
  parentHasDifferentAsset: 16,
  parentTooDeep: 17,
  subtreeLimitNeedsAFlag: 18,
} as const
export type AccountStatus = (typeof AccountStatus)[keyof typeof AccountStatus]

/** Answers to `change_limit`. */
export const LimitStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  accountNotFound: 4,
  subtreeLimitNeedsAFlag: 5,
} as const
export type LimitStatus = (typeof LimitStatus)[keyof typeof LimitStatus]

/** Answers to `change_metadata`. */
export const MetadataStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  accountNotFound: 4,
} as const
export type MetadataStatus = (typeof MetadataStatus)[keyof typeof MetadataStatus]

/** Answers to `close_account` and `reopen_account`. */
export const ClosureStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  accountNotFound: 4,
  accountAlreadyClosed: 5,
  accountNotClosed: 6,
  /** An open closing hold closed it: only its void or its expiry opens it again. */
  accountClosedByTransfer: 7,
} as const
export type ClosureStatus = (typeof ClosureStatus)[keyof typeof ClosureStatus]

/** Answers to `register_asset`. */
export const AssetStatus = {
  created: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  assetMustNotBeZero: 4,
  existsWithDifferentName: 5,
  exists: 6,
  nameTaken: 7,
} as const
export type AssetStatus = (typeof AssetStatus)[keyof typeof AssetStatus]

/** Answers to `close_books`. */
export const BooksStatus = {
  changed: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
  accountNotFound: 4,
  assetMustNotBeZero: 5,
} as const
export type BooksStatus = (typeof BooksStatus)[keyof typeof BooksStatus]

/** Answers to `attest`. */
export const AttestStatus = {
  created: 0,
  linkedEventFailed: 1,
  linkedEventChainOpen: 2,
  reservedFlag: 3,
} as const
export type AttestStatus = (typeof AttestStatus)[keyof typeof AttestStatus]

/**
 * Refusals that depend on state which may change: the id is burnt, so that a retry can never turn out
 * differently from the first try (TigerBeetle's "transient" statuses, and our own beside them).
 */
export function burnsId(status: TransferStatus): boolean {
  switch (status) {
    case TransferStatus.debitAccountNotFound:
    case TransferStatus.creditAccountNotFound:
    case TransferStatus.pendingTransferNotFound:
    case TransferStatus.reversedTransferNotFound:
    case TransferStatus.debitAccountAlreadyClosed:
    case TransferStatus.creditAccountAlreadyClosed:
    case TransferStatus.exceedsCredits:
    case TransferStatus.exceedsDebits:
    case TransferStatus.exceedsSubtreeLimit:
      return true
    default:
      return false
  }
}
