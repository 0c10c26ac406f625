/** Every answer to create_transfer, each with a scenario that gives it. The type keeps the table complete. */
import type { TransferStatus } from '@tallystick/ledger'
import { ADA, ceiling } from './ceilings.ts'

export type TransferCases = Readonly<Record<keyof typeof TransferStatus, string>>

/** A and B are free, C has another asset, L and M are limited, H is a hold from A to B. */
export const TRANSFER_GIVEN = `
  account A
  account B
  account C asset=2
  account L dmnec
  account M cmned
  transfer H A B 5 pending timeout=60 metadata=why
  transfer T A B 5 metadata=why`

const IDENTITY = {
  created: `transfer N A B 5 -> created 5`,
  linkedEventFailed: `
    batch
      transfer N1 A B 5 linked -> linked_event_failed
      transfer N2 L B 5        -> exceeds_credits
    commit`,
  linkedEventChainOpen: `
    transfer N1 A B 5 linked -> linked_event_chain_open
    batch
      transfer N1 A B 5 linked -> linked_event_failed
      transfer N2 A B 5 linked -> linked_event_chain_open
    commit`,
  reservedFlag: `
    transfer N A B 5 flags=1024  -> reserved_flag
    transfer N A B 5 flags=32768 -> reserved_flag`,
  idMustNotBeZero: `transfer 0 A B 5 -> id_must_not_be_zero`,
  idMustNotBeIntMax: `transfer max A B 5 -> id_must_not_be_int_max`,
  existsWithDifferentFlags: `
    transfer T A B 5 metadata=why linked  -> linked_event_chain_open
    transfer T A B 5 metadata=why pending -> exists_with_different_flags`,
  existsWithDifferentPendingId: `transfer T A B 5 of=H -> exists_with_different_pending_id`,
  existsWithDifferentTimeout: `
    transfer T A B 5 timeout=5 -> exists_with_different_timeout
    transfer H A B 5 pending   -> exists_with_different_timeout`,
  existsWithDifferentDebitAccountId: `transfer T M B 5 -> exists_with_different_debit_account_id`,
  existsWithDifferentCreditAccountId: `transfer T A M 5 -> exists_with_different_credit_account_id`,
  existsWithDifferentAmount: `transfer T A B 6 -> exists_with_different_amount`,
  existsWithDifferentMetadata: `
    transfer T A B 5 metadata=who -> exists_with_different_metadata
    transfer T A B 5              -> exists_with_different_metadata`,
  existsWithDifferentEffectiveAt: `
    transfer T A B 5 metadata=why effective=1 -> exists_with_different_effective_at`,
  existsWithDifferentAsset: `transfer T A B 5 metadata=why asset=2 -> exists_with_different_asset`,
  existsWithDifferentCode: `transfer T A B 5 metadata=why code=2 -> exists_with_different_code`,
  exists: `transfer T A B 5 metadata=why -> exists 0`,
  idAlreadyFailed: `
    transfer N L B 5 -> exceeds_credits
    transfer N A B 5 -> id_already_failed`,
}

const SHAPE = {
  flagsAreMutuallyExclusive: `
    post N H void_pending                -> flags_are_mutually_exclusive
    post N H pending                     -> flags_are_mutually_exclusive
    post N H balancing_debit             -> flags_are_mutually_exclusive
    post N H balancing_credit            -> flags_are_mutually_exclusive
    post N H closing_debit               -> flags_are_mutually_exclusive
    post N H closing_credit              -> flags_are_mutually_exclusive
    post N H reversal                    -> flags_are_mutually_exclusive
    void N H pending                     -> flags_are_mutually_exclusive
    void N H balancing_debit             -> flags_are_mutually_exclusive
    void N H balancing_credit            -> flags_are_mutually_exclusive
    void N H closing_debit               -> flags_are_mutually_exclusive
    void N H closing_credit              -> flags_are_mutually_exclusive
    void N H reversal                    -> flags_are_mutually_exclusive
    void N H partial                     -> flags_are_mutually_exclusive
    transfer N A B 5 partial             -> flags_are_mutually_exclusive
    transfer N A B 5 pending partial     -> flags_are_mutually_exclusive
    reverse N T 5 partial                -> flags_are_mutually_exclusive
    reverse N T 5 pending                -> flags_are_mutually_exclusive
    reverse N T 5 balancing_debit        -> flags_are_mutually_exclusive
    reverse N T 5 balancing_credit       -> flags_are_mutually_exclusive
    reverse N T 5 closing_debit          -> flags_are_mutually_exclusive
    reverse N T 5 closing_credit         -> flags_are_mutually_exclusive`,
  debitAccountIdMustNotBeZero: `
    transfer N 0 B 5       -> debit_account_id_must_not_be_zero
    reverse N T 5 debit=0  -> debit_account_id_must_not_be_zero`,
  debitAccountIdMustNotBeIntMax: `transfer N max B 5 -> debit_account_id_must_not_be_int_max`,
  creditAccountIdMustNotBeZero: `transfer N A 0 5 -> credit_account_id_must_not_be_zero`,
  creditAccountIdMustNotBeIntMax: `transfer N A max 5 -> credit_account_id_must_not_be_int_max`,
  accountsMustBeDifferent: `transfer N A A 5 -> accounts_must_be_different`,
  pendingIdMustBeZero: `
    transfer N A B 5 of=H         -> pending_id_must_be_zero
    transfer N A B 5 of=max       -> pending_id_must_be_zero
    transfer N A B 5 of=N pending -> pending_id_must_be_zero`,
  pendingIdMustNotBeZero: `
    post N 0      -> pending_id_must_not_be_zero
    void N 0      -> pending_id_must_not_be_zero
    reverse N 0 5 debit=A credit=B -> pending_id_must_not_be_zero`,
  pendingIdMustNotBeIntMax: `
    post N max    -> pending_id_must_not_be_int_max
    void N max    -> pending_id_must_not_be_int_max
    reverse N max 5 debit=A credit=B -> pending_id_must_not_be_int_max`,
  pendingIdMustBeDifferent: `
    post N N      -> pending_id_must_be_different
    void N N      -> pending_id_must_be_different
    reverse N N 5 debit=A credit=B -> pending_id_must_be_different`,
  timeoutReservedForPendingTransfer: `
    transfer N A B 5 timeout=1 -> timeout_reserved_for_pending_transfer
    post N H timeout=1         -> timeout_reserved_for_pending_transfer
    void N H timeout=1         -> timeout_reserved_for_pending_transfer
    reverse N T 5 timeout=1    -> timeout_reserved_for_pending_transfer`,
  closingTransferMustBePending: `
    transfer N A B 5 closing_debit  -> closing_transfer_must_be_pending
    transfer N A B 5 closing_credit -> closing_transfer_must_be_pending`,
  assetMustNotBeZero: `
    transfer N A B 5 asset=0 -> asset_must_not_be_zero
    reverse N T 5 asset=0    -> asset_must_not_be_zero`,
  codeMustNotBeZero: `
    transfer N A B 5 code=0 -> code_must_not_be_zero
    reverse N T 5 code=0    -> code_must_not_be_zero`,
}

const ACCOUNTS = {
  debitAccountNotFound: `
    transfer N Z B 5 -> debit_account_not_found
    transfer N A B 5 -> id_already_failed`,
  creditAccountNotFound: `
    transfer N A Z 5 -> credit_account_not_found
    transfer N A B 5 -> id_already_failed`,
  accountsMustHaveTheSameAsset: `
    transfer N A C 5 -> accounts_must_have_the_same_asset
    transfer N A B 5 -> created`,
  transferMustHaveTheSameAssetAsAccounts: `
    transfer N A B 5 asset=2 -> transfer_must_have_the_same_asset_as_accounts
    transfer N A B 5         -> created`,
  effectiveAtInClosedPeriod: `
    books asset=1 until=1000
    transfer N A B 5 -> effective_at_in_closed_period
    at 1001
    transfer N A B 5 -> created`,
  debitAccountAlreadyClosed: `
    close A
    transfer N A B 5 -> debit_account_already_closed
    reopen A
    transfer N A B 5 -> id_already_failed`,
  creditAccountAlreadyClosed: `
    close B
    transfer N A B 5 -> credit_account_already_closed
    post P H         -> credit_account_already_closed
    reopen B
    transfer N A B 5 -> id_already_failed
    post P H         -> id_already_failed`,
}

const HOLDS = {
  pendingTransferNotFound: `
    post N Z -> pending_transfer_not_found
    post N H -> id_already_failed
    void V Z -> pending_transfer_not_found
    void V H -> id_already_failed`,
  pendingTransferNotPending: `
    post N T -> pending_transfer_not_pending
    void N T -> pending_transfer_not_pending
    post P H -> created
    post N P -> pending_transfer_not_pending`,
  pendingTransferHasDifferentDebitAccountId: `
    post N H debit=M -> pending_transfer_has_different_debit_account_id
    void N H debit=M -> pending_transfer_has_different_debit_account_id
    post N H debit=A -> created`,
  pendingTransferHasDifferentCreditAccountId: `
    post N H credit=M -> pending_transfer_has_different_credit_account_id
    void N H credit=M -> pending_transfer_has_different_credit_account_id
    void N H credit=B -> created`,
  pendingTransferHasDifferentAsset: `
    post N H asset=2 -> pending_transfer_has_different_asset
    post N H asset=1 -> created`,
  pendingTransferHasDifferentCode: `
    post N H code=2 -> pending_transfer_has_different_code
    post N H code=1 -> created`,
  exceedsPendingTransferAmount: `
    post N H 6         -> exceeds_pending_transfer_amount
    post N H 6 partial -> exceeds_pending_transfer_amount
    void N H 6         -> exceeds_pending_transfer_amount
    void N H max       -> exceeds_pending_transfer_amount`,
  pendingTransferHasDifferentAmount: `
    void N H 4 -> pending_transfer_has_different_amount
    void N H 5 -> created 5`,
  pendingTransferAlreadyPosted: `
    post P H
    post N H -> pending_transfer_already_posted
    void N H -> pending_transfer_already_posted`,
  pendingTransferAlreadyVoided: `
    void V H
    post N H -> pending_transfer_already_voided
    void N H -> pending_transfer_already_voided`,
  pendingTransferExpired: `
    at 1h
    post N H -> pending_transfer_expired
    void N H -> pending_transfer_expired`,
  reversedTransferNotFound: `
    reverse N Z 5 debit=B credit=A -> reversed_transfer_not_found
    reverse N T 5                  -> id_already_failed`,
  reversedTransferNotReversible: `
    reverse N H 5 -> reversed_transfer_not_reversible
    void V H
    reverse N V 5 -> reversed_transfer_not_reversible
    reverse R T 5
    reverse N R 5 -> reversed_transfer_not_reversible`,
  reversedTransferHasDifferentAccounts: `
    reverse N T 5 debit=A credit=B -> reversed_transfer_has_different_accounts
    reverse N T 5 debit=M credit=A -> reversed_transfer_has_different_accounts
    reverse N T 5 debit=B credit=M -> reversed_transfer_has_different_accounts`,
  exceedsReversibleAmount: `
    reverse N T 6 -> exceeds_reversible_amount
    reverse N T 5 -> created 5`,
}

const TOTALS = {
  overflowsDebitsPending: `
    account D
    transfer H1 D B max-10 pending -> created
    transfer N  D A 11 pending     -> overflows_debits_pending`,
  overflowsCreditsPending: `
    account D
    transfer H1 A D max-10 pending -> created
    transfer N  B D 11 pending     -> overflows_credits_pending`,
  overflowsDebitsPosted: `
    account D
    transfer F D L max
    transfer T1 D B 1 -> overflows_debits_posted`,
  overflowsCreditsPosted: `
    account D
    transfer T1 D B max-10 -> created
    transfer T2 A B 6      -> overflows_credits_posted`,
  overflowsDebits: `
    transfer N A B max-8 -> overflows_debits`,
  overflowsCredits: `
    account D
    transfer N D B max-8 -> overflows_credits`,
  overflowsTimeout: `
    at 18_446_744_072_709_551_615
    void V H                            -> pending_transfer_expired
    transfer N A B 1 pending timeout=1 -> overflows_timeout
    transfer N A B 1 pending timeout=0 -> created`,
  overflowsSubtree: `
    account P
    account K1 parent=P
    account K2 parent=P
    transfer N1 K1 B max-20
    transfer N2 K2 A 20        -> created
    transfer N3 K2 A 1         -> overflows_subtree
    transfer N3 K2 A 1 pending -> overflows_subtree`,
  exceedsCredits: `
    transfer N L B 5 -> exceeds_credits account=L needed=5 available=0 limit=0
    transfer N A B 5 -> id_already_failed`,
  exceedsDebits: `
    transfer N A M 5 -> exceeds_debits account=M needed=5 available=0 limit=0
    transfer N A B 5 -> id_already_failed`,
  exceedsSubtreeLimit: `
    account P dmnec subtree=3
    account K parent=P
    transfer N K B 5 -> exceeds_subtree_limit account=P needed=5 available=3 limit=3
    transfer N A B 5 -> id_already_failed`,
  exceedsCeiling: `
    control ${ADA} -> changed
    ${ceiling(1, 'daily_amount', 4)}
    by ada
    transfer N A B 5 -> exceeds_ceiling needed=5 available=4 limit=4
    transfer N A B 4 -> created`,
}

export const TRANSFER_CASES: TransferCases = {
  ...IDENTITY,
  ...SHAPE,
  ...ACCOUNTS,
  ...HOLDS,
  ...TOTALS,
}
