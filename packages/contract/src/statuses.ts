/**
 * The ledger's status tables as the wire names them: a status's number is its place in the list. They repeat the tables of
 * `ledger`, which this package may not import; a test of the server holds them together.
 */

const CHAIN = ['linked_event_failed', 'linked_event_chain_open', 'reserved_flag'] as const

const CREATE_TRANSFER = [
  'created',
  ...CHAIN,
  'id_must_not_be_zero',
  'id_must_not_be_int_max',
  'exists_with_different_flags',
  'exists_with_different_pending_id',
  'exists_with_different_timeout',
  'exists_with_different_debit_account_id',
  'exists_with_different_credit_account_id',
  'exists_with_different_amount',
  'exists_with_different_metadata',
  'exists_with_different_effective_at',
  'exists_with_different_asset',
  'exists_with_different_code',
  'exists',
  'id_already_failed',
  'flags_are_mutually_exclusive',
  'debit_account_id_must_not_be_zero',
  'debit_account_id_must_not_be_int_max',
  'credit_account_id_must_not_be_zero',
  'credit_account_id_must_not_be_int_max',
  'accounts_must_be_different',
  'pending_id_must_be_zero',
  'pending_id_must_not_be_zero',
  'pending_id_must_not_be_int_max',
  'pending_id_must_be_different',
  'timeout_reserved_for_pending_transfer',
  'closing_transfer_must_be_pending',
  'asset_must_not_be_zero',
  'code_must_not_be_zero',
  'debit_account_not_found',
  'credit_account_not_found',
  'accounts_must_have_the_same_asset',
  'transfer_must_have_the_same_asset_as_accounts',
  'effective_at_in_closed_period',
  'pending_transfer_not_found',
  'pending_transfer_not_pending',
  'pending_transfer_has_different_debit_account_id',
  'pending_transfer_has_different_credit_account_id',
  'pending_transfer_has_different_asset',
  'pending_transfer_has_different_code',
  'exceeds_pending_transfer_amount',
  'pending_transfer_has_different_amount',
  'pending_transfer_already_posted',
  'pending_transfer_already_voided',
  'pending_transfer_expired',
  'reversed_transfer_not_found',
  'reversed_transfer_not_reversible',
  'reversed_transfer_has_different_accounts',
  'exceeds_reversible_amount',
  'debit_account_already_closed',
  'credit_account_already_closed',
  'overflows_debits_pending',
  'overflows_credits_pending',
  'overflows_debits_posted',
  'overflows_credits_posted',
  'overflows_debits',
  'overflows_credits',
  'overflows_timeout',
  'overflows_subtree',
  'exceeds_credits',
  'exceeds_debits',
  'exceeds_subtree_limit',
  'exceeds_ceiling',
] as const

const CREATE_ACCOUNT = [
  'created',
  ...CHAIN,
  'id_must_not_be_zero',
  'id_must_not_be_int_max',
  'exists_with_different_flags',
  'exists_with_different_address',
  'exists_with_different_parent',
  'exists_with_different_asset',
  'exists_with_different_code',
  'exists',
  'flags_are_mutually_exclusive',
  'asset_must_not_be_zero',
  'code_must_not_be_zero',
  'parent_not_found',
  'parent_has_different_asset',
  'parent_too_deep',
  'subtree_limit_needs_a_flag',
] as const

const CLOSURE = [
  'changed',
  ...CHAIN,
  'account_not_found',
  'account_already_closed',
  'account_not_closed',
  'account_closed_by_transfer',
] as const

/** By the operation of a packed command. */
export const STATUSES = {
  create_transfer: CREATE_TRANSFER,
  create_account: CREATE_ACCOUNT,
  change_limit: ['changed', ...CHAIN, 'account_not_found', 'subtree_limit_needs_a_flag'],
  change_metadata: ['changed', ...CHAIN, 'account_not_found'],
  close_account: CLOSURE,
  reopen_account: CLOSURE,
  register_asset: [
    'created',
    ...CHAIN,
    'asset_must_not_be_zero',
    'exists_with_different_name',
    'exists',
    'name_taken',
  ],
  close_books: ['changed', ...CHAIN, 'account_not_found', 'asset_must_not_be_zero'],
  attest: ['created', ...CHAIN],
  control: [
    'changed',
    ...CHAIN,
    'must_stand_alone',
    'malformed_control',
    'already_exists',
    'principal_not_found',
    'key_not_found',
    'role_not_found',
    'grant_not_found',
    'key_revoked',
    'role_built_in',
    'role_in_use',
    'too_many',
    'last_administrator',
    'ceiling_not_found',
  ],
  rule: [
    'changed',
    ...CHAIN,
    'must_stand_alone',
    'malformed_rule',
    'rule_not_found',
    'rule_version_conflict',
    'too_many_rules',
    'firing_already_recorded',
  ],
} as const

export type Status = (typeof STATUSES)[keyof typeof STATUSES][number]

/** Statuses that say that what was asked is there. */
export const GOOD_STATUSES = ['created', 'changed', 'exists'] as const
export type GoodStatus = (typeof GOOD_STATUSES)[number]

export function isGood(status: string): status is GoodStatus {
  return status === 'created' || status === 'changed' || status === 'exists'
}
