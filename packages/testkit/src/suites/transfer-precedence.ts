/** Which of two answers to create_transfer wins. */
import { TransferStatus } from '@tallystick/ledger'
import { ADA, ceiling } from './ceilings.ts'
import type { Precedence } from './precedence.ts'

/** A, B, D and E are free, C has another asset, L and M are limited, H and G are holds from A to B, T is posted. */
const GIVEN = `
  account A
  account B
  account C asset=2
  account D
  account E
  account L dmnec
  account M cmned
  transfer H A B 5 pending timeout=60
  transfer G A B 5 pending
  transfer T A B 5`

const IDENTITY = {
  'linked_event_chain_open, reserved_flag': `
    transfer N A B 5 linked flags=1024 -> linked_event_chain_open
    transfer N A B 5 flags=1024        -> reserved_flag`,
  'reserved_flag, id_must_not_be_zero': `
    transfer 0 A B 5 flags=1024 -> reserved_flag
    transfer 0 A B 5            -> id_must_not_be_zero`,
  'exists_with_different_flags, exists_with_different_pending_id': `
    post P H
    void P G -> exists_with_different_flags
    post P G -> exists_with_different_pending_id`,
  'exists_with_different_pending_id, exists_with_different_timeout': `
    post P H
    post P G timeout=5 -> exists_with_different_pending_id
    post P H timeout=5 -> exists_with_different_timeout`,
  'exists_with_different_timeout, exists_with_different_debit_account_id': `
    transfer H D B 5 pending timeout=61 -> exists_with_different_timeout
    transfer H D B 5 pending timeout=60 -> exists_with_different_debit_account_id`,
  'exists_with_different_debit_account_id, exists_with_different_credit_account_id': `
    transfer T D E 5 -> exists_with_different_debit_account_id
    transfer T A E 5 -> exists_with_different_credit_account_id`,
  'exists_with_different_credit_account_id, exists_with_different_amount': `
    transfer T A E 6 -> exists_with_different_credit_account_id
    transfer T A B 6 -> exists_with_different_amount`,
  'exists_with_different_amount, exists_with_different_metadata': `
    transfer T A B 6 metadata=x -> exists_with_different_amount
    transfer T A B 5 metadata=x -> exists_with_different_metadata`,
  'exists_with_different_metadata, exists_with_different_effective_at': `
    transfer T A B 5 effective=9 metadata=x -> exists_with_different_metadata
    transfer T A B 5 effective=9            -> exists_with_different_effective_at`,
  'exists_with_different_effective_at, exists_with_different_asset': `
    transfer T A B 5 asset=2 effective=9 -> exists_with_different_effective_at
    transfer T A B 5 asset=2             -> exists_with_different_asset`,
  'exists_with_different_asset, exists_with_different_code': `
    transfer T A B 5 code=2 asset=2 -> exists_with_different_asset
    transfer T A B 5 code=2         -> exists_with_different_code`,
  'id_already_failed, flags_are_mutually_exclusive': `
    transfer N L B 5
    transfer N A B 5 partial -> id_already_failed
    transfer O A B 5 partial -> flags_are_mutually_exclusive`,
}

const SHAPE = {
  'flags_are_mutually_exclusive, debit_account_id_must_not_be_zero': `
    transfer N 0 B 5 partial -> flags_are_mutually_exclusive
    transfer N 0 B 5         -> debit_account_id_must_not_be_zero`,
  'debit_account_id_must_not_be_int_max, credit_account_id_must_not_be_zero': `
    transfer N max 0 5 -> debit_account_id_must_not_be_int_max
    transfer N A 0 5   -> credit_account_id_must_not_be_zero`,
  'accounts_must_be_different, pending_id_must_be_zero': `
    transfer N A A 5 of=H -> accounts_must_be_different
    transfer N A B 5 of=H -> pending_id_must_be_zero`,
  'pending_id_must_be_different, timeout_reserved_for_pending_transfer': `
    post N N timeout=5 -> pending_id_must_be_different
    post N H timeout=5 -> timeout_reserved_for_pending_transfer`,
  'timeout_reserved_for_pending_transfer, closing_transfer_must_be_pending': `
    transfer N A B 5 closing_debit timeout=5 -> timeout_reserved_for_pending_transfer
    transfer N A B 5 closing_debit           -> closing_transfer_must_be_pending`,
  'closing_transfer_must_be_pending, asset_must_not_be_zero': `
    transfer N A B 5 asset=0 closing_debit -> closing_transfer_must_be_pending
    transfer N A B 5 asset=0               -> asset_must_not_be_zero`,
  'asset_must_not_be_zero, code_must_not_be_zero': `
    transfer N A B 5 code=0 asset=0 -> asset_must_not_be_zero
    transfer N A B 5 code=0         -> code_must_not_be_zero`,
  'code_must_not_be_zero, debit_account_not_found': `
    transfer N Z B 5 code=0 -> code_must_not_be_zero
    transfer N Z B 5        -> debit_account_not_found`,
}

const ACCOUNTS = {
  'debit_account_not_found, credit_account_not_found': `
    transfer N Z Y 5 -> debit_account_not_found
    transfer O A Y 5 -> credit_account_not_found`,
  'accounts_must_have_the_same_asset, transfer_must_have_the_same_asset_as_accounts': `
    transfer N A C 5 asset=3 -> accounts_must_have_the_same_asset
    transfer N A B 5 asset=3 -> transfer_must_have_the_same_asset_as_accounts`,
  'transfer_must_have_the_same_asset_as_accounts, effective_at_in_closed_period': `
    books A until=1h
    transfer N A B 5 asset=2 -> transfer_must_have_the_same_asset_as_accounts
    transfer N A B 5         -> effective_at_in_closed_period`,
  'debit_account_already_closed, credit_account_already_closed': `
    close A
    close B
    transfer N A B 5 -> debit_account_already_closed
    transfer O D B 5 -> credit_account_already_closed`,
  'credit_account_already_closed, overflows_debits_pending': `
    transfer F D E max pending
    close B
    transfer N D B 1 pending -> credit_account_already_closed
    transfer O D A 1 pending -> overflows_debits_pending`,
}

const HOLDS = {
  'pending_transfer_not_pending, pending_transfer_has_different_debit_account_id': `
    post N T debit=D -> pending_transfer_not_pending
    post N H debit=D -> pending_transfer_has_different_debit_account_id`,
  'pending_transfer_has_different_debit_account_id, pending_transfer_has_different_credit_account_id': `
    post N H credit=E debit=D -> pending_transfer_has_different_debit_account_id
    post N H credit=E         -> pending_transfer_has_different_credit_account_id`,
  'pending_transfer_has_different_credit_account_id, pending_transfer_has_different_asset': `
    post N H asset=2 credit=E -> pending_transfer_has_different_credit_account_id
    post N H asset=2          -> pending_transfer_has_different_asset`,
  'pending_transfer_has_different_asset, pending_transfer_has_different_code': `
    post N H code=2 asset=2 -> pending_transfer_has_different_asset
    post N H code=2         -> pending_transfer_has_different_code`,
  'pending_transfer_has_different_code, exceeds_pending_transfer_amount': `
    post N H 6 code=2 -> pending_transfer_has_different_code
    post N H 6        -> exceeds_pending_transfer_amount`,
  'pending_transfer_has_different_amount, pending_transfer_already_posted': `
    post P H
    void N H 1 -> pending_transfer_has_different_amount
    void N H   -> pending_transfer_already_posted`,
  'pending_transfer_already_voided, pending_transfer_expired': `
    transfer J A B 5 pending timeout=60
    void V H
    at 1h
    post N H -> pending_transfer_already_voided
    post N J -> pending_transfer_expired`,
  'reversed_transfer_not_reversible, reversed_transfer_has_different_accounts': `
    reverse N H 5 debit=A credit=B -> reversed_transfer_not_reversible
    reverse N T 5 debit=A credit=B -> reversed_transfer_has_different_accounts`,
  'reversed_transfer_has_different_accounts, exceeds_reversible_amount': `
    reverse N T 6 debit=A credit=B -> reversed_transfer_has_different_accounts
    reverse N T 6                  -> exceeds_reversible_amount`,
  'exceeds_reversible_amount, debit_account_already_closed': `
    close B
    reverse N T 6 -> exceeds_reversible_amount
    reverse N T 5 -> debit_account_already_closed`,
}

const TOTALS = {
  'overflows_debits_pending, overflows_credits_pending': `
    transfer F D E max pending
    transfer N D E 1 pending -> overflows_debits_pending
    transfer N A E 1 pending -> overflows_credits_pending`,
  'overflows_debits_posted, overflows_credits_posted': `
    transfer F D E max
    transfer N D E 1 -> overflows_debits_posted
    transfer N A E 1 -> overflows_credits_posted`,
  'overflows_credits_posted, overflows_debits': `
    account I
    transfer F1 I E max
    transfer F2 D B max-20 pending -> created
    transfer N D E 21 -> overflows_credits_posted
    transfer N D L 21 -> overflows_debits`,
  'overflows_debits, overflows_credits': `
    transfer F D E max pending
    transfer N D E 1 -> overflows_debits
    transfer N A E 1 -> overflows_credits`,
  'overflows_credits, overflows_timeout': `
    transfer F D E max
    at 18_446_744_073_000_000_000
    transfer N A E 1 pending timeout=1 -> overflows_credits
    transfer N A B 1 pending timeout=1 -> overflows_timeout`,
  'overflows_timeout, overflows_subtree': `
    account P
    account K1 parent=P
    account K2 parent=P
    transfer F K1 E max
    at 18_446_744_073_000_000_000
    transfer N K2 B 1 pending timeout=1 -> overflows_timeout
    transfer N K2 B 1 pending           -> overflows_subtree`,
  'overflows_subtree, exceeds_credits': `
    account P
    account K1 parent=P
    account K2 parent=P dmnec
    transfer F K1 E max
    transfer N K2 B 1 -> overflows_subtree
    transfer N L  B 1 -> exceeds_credits`,
  'exceeds_credits, exceeds_debits': `
    transfer N L M 5 -> exceeds_credits
    transfer O A M 5 -> exceeds_debits`,
  'exceeds_debits, exceeds_subtree_limit': `
    account P dmnec subtree=0
    account K parent=P
    transfer N K M 5 -> exceeds_debits
    transfer O K B 5 -> exceeds_subtree_limit`,
  'exceeds_subtree_limit, exceeds_ceiling': `
    account P dmnec subtree=0
    account K parent=P
    control ${ADA}
    ${ceiling(1, 'transfer_amount', 4)}
    by ada
    transfer N K B 5 -> exceeds_subtree_limit
    transfer O A B 5 -> exceeds_ceiling`,
}

/** Not neighbours in the table, but in the order of posts and voids, or easily mistaken. */
const FURTHER = {
  'timeout_reserved_for_pending_transfer, pending_transfer_not_found': `
    post N Z timeout=5 -> timeout_reserved_for_pending_transfer
    post N Z           -> pending_transfer_not_found`,
  'pending_transfer_not_found, effective_at_in_closed_period': `
    books asset=1 until=1h
    post N Z debit=A credit=B asset=1 code=1 -> pending_transfer_not_found
    post O H debit=A credit=B asset=1 code=1 -> effective_at_in_closed_period`,
  'pending_transfer_already_posted, effective_at_in_closed_period': `
    post P H
    books asset=1 until=1h
    post N H -> pending_transfer_already_posted
    post N G -> effective_at_in_closed_period`,
  'pending_transfer_expired, effective_at_in_closed_period': `
    at 1h
    books A until=2h
    void N H -> pending_transfer_expired
    void N G -> effective_at_in_closed_period`,
  'effective_at_in_closed_period, debit_account_already_closed': `
    close A
    books B until=1h
    post N G -> effective_at_in_closed_period
    books B until=0
    post N G -> debit_account_already_closed`,
  'exceeds_pending_transfer_amount, pending_transfer_already_posted': `
    post P H
    post N H 6 -> exceeds_pending_transfer_amount
    post N H 5 -> pending_transfer_already_posted`,
  'pending_transfer_expired, debit_account_already_closed': `
    close A
    at 1h
    post N H -> pending_transfer_expired
    post N G -> debit_account_already_closed`,
  'effective_at_in_closed_period, reversed_transfer_not_found': `
    books A until=1h
    reverse N Z 5 debit=B credit=A -> effective_at_in_closed_period
    reverse N Z 5 debit=D credit=E -> reversed_transfer_not_found`,
  'exists_with_different_flags, id_already_failed': `
    transfer N L B 5
    transfer T A B 5 pending -> exists_with_different_flags
    transfer N A B 5 pending -> id_already_failed`,
  'debit_account_already_closed, exceeds_credits': `
    account K dmnec closed
    transfer N K B 5 -> debit_account_already_closed
    transfer O L B 5 -> exceeds_credits`,
  'overflows_debits, exceeds_credits': `
    account K dmnec limit=max
    transfer F K B max-20 pending -> created
    limit K 0
    transfer N K A 21 -> overflows_debits
    transfer N K A 1 -> exceeds_credits`,
}

const ONE_NUMBER = 'one number is not two'
const HAS_OR_NOT = 'the later one needs what the earlier one misses'
const PENDING_OR_NOT = 'pending totals are for holds, posted totals for what is not a hold'

const IMPOSSIBLE = {
  'created, linked_event_failed': 'created means that nothing applies',
  'linked_event_failed, linked_event_chain_open':
    'decided by place: the last member of an open chain gets linked_event_chain_open, no other does',
  'id_must_not_be_zero, id_must_not_be_int_max': ONE_NUMBER,
  'id_must_not_be_int_max, exists_with_different_flags': 'no transfer with that id is ever created',
  'exists_with_different_code, exists': 'exists means that nothing differs',
  'exists, id_already_failed': 'an id is created or burnt, never both',
  'debit_account_id_must_not_be_zero, debit_account_id_must_not_be_int_max': ONE_NUMBER,
  'credit_account_id_must_not_be_zero, credit_account_id_must_not_be_int_max': ONE_NUMBER,
  'credit_account_id_must_not_be_int_max, accounts_must_be_different':
    'both being int max, the debit account is refused before',
  'pending_id_must_be_zero, pending_id_must_not_be_zero': 'flags ask for one or for the other',
  'pending_id_must_not_be_zero, pending_id_must_not_be_int_max': ONE_NUMBER,
  'pending_id_must_not_be_int_max, pending_id_must_be_different':
    'both being int max, the id itself is refused before',
  'credit_account_not_found, accounts_must_have_the_same_asset': HAS_OR_NOT,
  'effective_at_in_closed_period, pending_transfer_not_found':
    'posts and voids look at the hold first: their order is the other one, see FURTHER',
  'pending_transfer_not_found, pending_transfer_not_pending': HAS_OR_NOT,
  'exceeds_pending_transfer_amount, pending_transfer_has_different_amount':
    'an amount is not both more and less',
  'pending_transfer_already_posted, pending_transfer_already_voided': 'a hold is resolved once',
  'pending_transfer_expired, reversed_transfer_not_found': 'a reversal is neither post nor void',
  'reversed_transfer_not_found, reversed_transfer_not_reversible': HAS_OR_NOT,
  'overflows_credits_pending, overflows_debits_posted': PENDING_OR_NOT,
}

export const TRANSFER_PRECEDENCE: Precedence = {
  table: TransferStatus,
  given: GIVEN,
  pairs: { ...IDENTITY, ...SHAPE, ...ACCOUNTS, ...HOLDS, ...TOTALS, ...FURTHER },
  impossible: IMPOSSIBLE,
}
