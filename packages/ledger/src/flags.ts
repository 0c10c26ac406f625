/** Flag bits of accounts and transfers, as stored in the book. Bits never change their meaning. */

export const AccountFlags = {
  none: 0,
  /** Part of an all-or-nothing chain together with the next command. */
  linked: 1 << 0,
  /** Debits pending + debits posted may not pass credits posted + limit. */
  debitsMustNotExceedCredits: 1 << 1,
  /** Credits pending + credits posted may not pass debits posted + limit. */
  creditsMustNotExceedDebits: 1 << 2,
  /** Takes nothing but voids and expiries. May be set at creation. */
  closed: 1 << 3,
} as const

export const ACCOUNT_FLAGS_KNOWN = 0b1111

export const TransferFlags = {
  none: 0,
  /** Part of an all-or-nothing chain together with the next command. */
  linked: 1 << 0,
  /** Reserves the amount instead of moving it: a hold. */
  pending: 1 << 1,
  /** Captures the hold named by `pendingId`. */
  postPendingTransfer: 1 << 2,
  /** Releases the hold named by `pendingId`. */
  voidPendingTransfer: 1 << 3,
  /** The amount is an upper bound, cut to what the debit account allows. */
  balancingDebit: 1 << 4,
  /** The amount is an upper bound, cut to what the credit account allows. */
  balancingCredit: 1 << 5,
  /** Closes the debit account while the hold is open. */
  closingDebit: 1 << 6,
  /** Closes the credit account while the hold is open. */
  closingCredit: 1 << 7,
  /** With `postPendingTransfer`: what is not captured stays held. */
  partial: 1 << 8,
  /** Moves back what the posted transfer named by `pendingId` moved. */
  reversal: 1 << 9,
} as const

export const TRANSFER_FLAGS_KNOWN = 0b11_1111_1111
