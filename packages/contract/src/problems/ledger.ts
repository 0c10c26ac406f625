/**
 * Problems that the ledger itself decides: every status of its tables but the good ones. They are recorded, so a repeated
 * request gets them again; therefore none of them is a 400 or 404, which are not remembered.
 */
import { type ProblemSpec, spec } from './spec.ts'

const CONTENT = 'Use a new id or reference for something new; the first one stays as it is.'
const HOLD_DONE = 'Nothing is left to do; show the hold to see what became of it.'
const RAW = 'Mend the command; only packed batches can say this.'

const exists = (what: string): ProblemSpec =>
  spec(
    409,
    `Exists with a different ${what}`,
    `The id, reference or address was used before with a different ${what}.`,
    CONTENT,
  )
const malformed = (title: string, about: string): ProblemSpec => spec(422, title, about, RAW)

const chains = {
  linked_event_failed: spec(
    422,
    'Another part failed',
    'It belongs to an all-or-nothing chain of which another member was refused.',
    'Look at the member that shows a status of its own.',
  ),
  linked_event_chain_open: malformed(
    'Chain left open',
    'The batch ends inside a chain of linked commands.',
  ),
  reserved_flag: malformed('Reserved flag', 'A flag is set that has no meaning here.'),
  flags_are_mutually_exclusive: malformed(
    'Flags exclude each other',
    'Two flags cannot be set together.',
  ),
} satisfies Record<string, ProblemSpec>

const ids = {
  id_must_not_be_zero: malformed('Id is zero', 'An id of all zeros means none.'),
  id_must_not_be_int_max: malformed('Id is reserved', 'An id of all ones is reserved.'),
  exists_with_different_flags: exists('kind or mode'),
  exists_with_different_pending_id: exists('hold or reversed transfer'),
  exists_with_different_timeout: exists('timeout'),
  exists_with_different_debit_account_id: exists('debit account'),
  exists_with_different_credit_account_id: exists('credit account'),
  exists_with_different_amount: exists('amount'),
  exists_with_different_metadata: exists('metadata'),
  exists_with_different_effective_at: exists('value date'),
  exists_with_different_asset: exists('asset'),
  exists_with_different_code: exists('code'),
  exists_with_different_address: exists('address'),
  exists_with_different_parent: exists('parent'),
  exists_with_different_name: exists('name'),
  id_already_failed: spec(
    409,
    'Id was refused before',
    'The same id was refused for a reason that could have changed since; a retry never turns out differently from the first try.',
    'Use a new id or reference for a new try.',
  ),
} satisfies Record<string, ProblemSpec>

const accountsOfTransfer = {
  debit_account_id_must_not_be_zero: malformed(
    'No debit account',
    'The debit account’s id is zero.',
  ),
  debit_account_id_must_not_be_int_max: malformed(
    'Debit account reserved',
    'The debit account’s id is all ones.',
  ),
  credit_account_id_must_not_be_zero: malformed(
    'No credit account',
    'The credit account’s id is zero.',
  ),
  credit_account_id_must_not_be_int_max: malformed(
    'Credit account reserved',
    'The credit account’s id is all ones.',
  ),
  accounts_must_be_different: spec(
    422,
    'Same account on both sides',
    'Debit and credit name the same account.',
    'Name two accounts.',
  ),
  debit_account_not_found: spec(
    422,
    'Debit account not found',
    'There is no account under the debit address.',
    'Open it first, or send `open_missing: true`.',
  ),
  credit_account_not_found: spec(
    422,
    'Credit account not found',
    'There is no account under the credit address.',
    'Open it first, or send `open_missing: true`.',
  ),
  accounts_must_have_the_same_asset: spec(
    422,
    'Accounts of different assets',
    'A transfer moves one asset; these accounts hold two.',
    'Exchange through accounts of both assets, with a transaction of two postings.',
  ),
  transfer_must_have_the_same_asset_as_accounts: spec(
    422,
    'Asset is not the accounts’',
    'The asset named is not the one that the accounts hold.',
    'Name the accounts’ asset.',
  ),
  debit_account_already_closed: spec(
    422,
    'Debit account is closed',
    'A closed account takes nothing but voids.',
    'Reopen it first.',
  ),
  credit_account_already_closed: spec(
    422,
    'Credit account is closed',
    'A closed account takes nothing but voids.',
    'Reopen it first.',
  ),
} satisfies Record<string, ProblemSpec>

const forms = {
  pending_id_must_be_zero: malformed(
    'Names a hold',
    'Only captures, voids and reversals name another transfer.',
  ),
  pending_id_must_not_be_zero: malformed(
    'Names no hold',
    'A capture, void or reversal names another transfer.',
  ),
  pending_id_must_not_be_int_max: malformed('Hold reserved', 'The id of all ones is reserved.'),
  pending_id_must_be_different: malformed(
    'Names itself',
    'A transfer cannot capture, void or reverse itself.',
  ),
  timeout_reserved_for_pending_transfer: malformed(
    'Timeout without hold',
    'Only holds have a timeout.',
  ),
  closing_transfer_must_be_pending: malformed(
    'Closing without hold',
    'Only a hold can close an account.',
  ),
  asset_must_not_be_zero: malformed('No asset', 'The asset’s number is zero.'),
  code_must_not_be_zero: malformed('No code', 'The code is zero.'),
  effective_at_in_closed_period: spec(
    422,
    'Books are closed',
    'The value date is not after the moment up to which the books of the asset, of an account or of one of its ancestors are closed.',
    'Date it later, or open the books.',
  ),
} satisfies Record<string, ProblemSpec>

const holds = {
  pending_transfer_not_found: spec(
    422,
    'Hold not found',
    'There is no such hold.',
    'Check its id.',
  ),
  pending_transfer_not_pending: spec(
    422,
    'Not a hold',
    'The transfer named is not a hold.',
    'Name a hold.',
  ),
  pending_transfer_has_different_debit_account_id: malformed(
    'Another debit account',
    'The hold has another debit account.',
  ),
  pending_transfer_has_different_credit_account_id: malformed(
    'Another credit account',
    'The hold has another credit account.',
  ),
  pending_transfer_has_different_asset: malformed('Another asset', 'The hold has another asset.'),
  pending_transfer_has_different_code: malformed('Another code', 'The hold has another code.'),
  exceeds_pending_transfer_amount: spec(
    422,
    'More than is held',
    'The amount passes what remains of the hold.',
    'Capture at most `remaining`, or leave the amount out to take all of it.',
  ),
  pending_transfer_has_different_amount: malformed(
    'Not what remains',
    'A void releases all that remains.',
  ),
  pending_transfer_already_posted: spec(
    409,
    'Captured already',
    'The hold was captured before.',
    HOLD_DONE,
  ),
  pending_transfer_already_voided: spec(
    409,
    'Voided already',
    'The hold was voided before.',
    HOLD_DONE,
  ),
  pending_transfer_expired: spec(
    409,
    'Hold expired',
    'The hold’s time is over.',
    'Make a new hold.',
  ),
} satisfies Record<string, ProblemSpec>

const reversals = {
  reversed_transfer_not_found: spec(
    422,
    'Transfer not found',
    'There is no such transfer to take back.',
    'Check its id.',
  ),
  reversed_transfer_not_reversible: spec(
    422,
    'Cannot be reversed',
    'Holds, voids and reversals cannot be reversed.',
    'Void a hold; make a new transfer in place of reversing a reversal.',
  ),
  reversed_transfer_has_different_accounts: malformed(
    'Not its accounts',
    'A reversal has the transfer’s accounts, swapped.',
  ),
  exceeds_reversible_amount: spec(
    422,
    'More than is left to reverse',
    'All reversals of a transfer together cannot pass its amount.',
    'Show the transfer: `amount` − `reversed_amount` is left.',
  ),
} satisfies Record<string, ProblemSpec>

const overflow = (what: string): ProblemSpec =>
  spec(
    422,
    'Sum too large',
    `${what} would pass 2^128 − 1.`,
    'Use other accounts: this one is full.',
  )

const overflows = {
  overflows_debits_pending: overflow('The account’s pending debits'),
  overflows_credits_pending: overflow('The account’s pending credits'),
  overflows_debits_posted: overflow('The account’s posted debits'),
  overflows_credits_posted: overflow('The account’s posted credits'),
  overflows_debits: overflow('The account’s debits, pending and posted,'),
  overflows_credits: overflow('The account’s credits, pending and posted,'),
  overflows_timeout: spec(
    422,
    'Timeout too long',
    'The hold’s deadline would pass the year 2554.',
    'Use a shorter timeout, or 0 for none.',
  ),
  overflows_subtree: overflow('A total of an ancestor’s subtree'),
} satisfies Record<string, ProblemSpec>

const limits = {
  exceeds_credits: spec(
    422,
    'Not enough credit',
    'The account would go below what its flag and limit allow. Open holds count. `needed`, `available` and `limit` say how far.',
    'Take less, add money, raise the limit, or send `mode: up_to`.',
  ),
  exceeds_debits: spec(
    422,
    'Not enough debit',
    'The account would receive more than its flag and limit allow, like a loan that is overpaid. `needed`, `available` and `limit` say how far.',
    'Give less, raise the limit, or send `mode: up_to`.',
  ),
  exceeds_subtree_limit: spec(
    422,
    'Subtree limit reached',
    'The limit of an ancestor’s whole subtree would be passed. `account` names the ancestor.',
    'Take less, or raise the ancestor’s `subtree_limit`.',
  ),
  exceeds_ceiling: spec(
    422,
    'Ceiling reached',
    'Whoever asks may not move that much: a ceiling on the principal refuses it, whatever the account has. `ceiling` names it, `needed`, `available` and `limit` say how far, `resets_at` when a day’s is whole again. The id stays free.',
    'Take less, wait until `resets_at`, or let somebody else ask.',
  ),
} satisfies Record<string, ProblemSpec>

const accounts = {
  account_not_found: spec(422, 'Account not found', 'There is no such account.', 'Open it first.'),
  parent_not_found: spec(
    422,
    'Parent not found',
    'There is no account under the parent’s address.',
    'Open the parent first.',
  ),
  parent_has_different_asset: spec(
    422,
    'Parent of another asset',
    'A subtree has one asset.',
    'Use a parent of the same asset.',
  ),
  parent_too_deep: spec(
    422,
    'Tree too deep',
    'Accounts nest up to 8 levels.',
    'Use a parent further up.',
  ),
  subtree_limit_needs_a_flag: spec(
    422,
    'Subtree limit without flag',
    'A subtree limit binds the side that the account’s own flag names, and this account has none.',
    'Open the account with `debits_must_not_exceed_credits` or `credits_must_not_exceed_debits`.',
  ),
  account_already_closed: spec(
    409,
    'Account is closed',
    'It was closed before.',
    'Nothing is left to do.',
  ),
  account_not_closed: spec(409, 'Account is open', 'It is not closed.', 'Nothing is left to do.'),
  account_closed_by_transfer: spec(
    409,
    'Closed by a hold',
    'An open hold closed it; only that hold’s void or expiry opens it again.',
    'Void the hold.',
  ),
  name_taken: spec(
    409,
    'Name taken',
    'Another number has this asset’s name.',
    'Use the asset that is registered.',
  ),
} satisfies Record<string, ProblemSpec>

const access = {
  must_stand_alone: spec(
    409,
    'Not in a chain',
    'A change of rights cannot be a part of something that may be taken back.',
    'Send it alone.',
  ),
  malformed_control: spec(
    422,
    'Malformed change of rights',
    'The change is not in the one form that it has in the log.',
    'Mend the request; nothing was changed.',
  ),
  already_exists: spec(
    409,
    'Already there',
    'There is one with that name already.',
    'Use it, or choose another name.',
  ),
  principal_not_found: spec(422, 'Unknown principal', 'Nobody has that name.', 'Create it first.'),
  key_not_found: spec(422, 'Unknown key', 'There is no key with that id.', 'Look at GET /v1/keys.'),
  role_not_found: spec(
    422,
    'Unknown role',
    'There is no role of that name.',
    'Look at GET /v1/roles.',
  ),
  grant_not_found: spec(
    422,
    'Unknown grant',
    'There is no such grant, or it was revoked.',
    'Look at GET /v1/grants.',
  ),
  key_revoked: spec(409, 'Key is revoked', 'It was revoked before.', 'Make a new key.'),
  role_built_in: spec(
    409,
    'Role is built in',
    'Built-in roles change with a release only.',
    'Choose another name.',
  ),
  role_in_use: spec(409, 'Role in use', 'A grant names it.', 'Revoke those grants first.'),
  too_many: spec(
    409,
    'Too many',
    'The ledger keeps no more principals, keys, roles or grants than its limits say.',
    'Revoke or remove what is not needed; docs/access.md has the limits.',
  ),
  last_administrator: spec(
    409,
    'Last administrator',
    'Nobody would be left who can give rights: somebody with `keys:manage` everywhere and a key that does not expire.',
    'Make another administrator first.',
  ),
  ceiling_not_found: spec(
    422,
    'Unknown ceiling',
    'There is no such ceiling, or it was revoked.',
    'Look at GET /v1/ceilings.',
  ),
  policy_not_found: spec(
    422,
    'Unknown policy',
    'There is no policy of that name.',
    'Look at GET /v1/approval-policies.',
  ),
  approval_not_found: spec(
    422,
    'Unknown approval',
    'There is no such approval.',
    'Look at GET /v1/approvals.',
  ),
  approval_decided: spec(
    409,
    'Decided already',
    'Somebody approved or refused it before.',
    'Show the approval to see what became of it.',
  ),
  approval_expired: spec(
    409,
    'Approval expired',
    'Nobody decided it in time.',
    'Ask for it again, with a new idempotency key.',
  ),
  may_not_decide: spec(
    422,
    'Not yours to decide',
    'A second person decides: not who asked for it, no program, and nobody without `approvals:decide` where it reaches.',
    'Let somebody else decide.',
  ),
  approval_differs: spec(
    409,
    'Not what was asked for',
    'The digest is not that of the commands that wait.',
    'Show the approval again, and decide on what it shows.',
  ),
  too_few_deciders: spec(
    409,
    'Too few who can decide',
    'A policy needs two persons with `approvals:decide` on all addresses: one may ask, and another has to be there.',
    'Give the right to more persons first.',
  ),
} satisfies Record<string, ProblemSpec>

const rules = {
  malformed_rule: spec(
    422,
    'Malformed rule',
    'The change is not in the one form that it has in the log.',
    'Mend the request; nothing was changed.',
  ),
  rule_not_found: spec(422, 'Unknown rule', 'There is no such rule.', 'Look at GET /v1/rules.'),
  rule_version_conflict: spec(
    409,
    'Changed meanwhile',
    'Somebody else put another version of the rule at the same time.',
    'Read the rule, and send the change again.',
  ),
  too_many_rules: spec(
    409,
    'Too many rules',
    'The ledger keeps no more rules, of all or of one owner.',
    'Remove what is not needed; docs/rules.md has the limits.',
  ),
  firing_already_recorded: spec(
    409,
    'Already recorded',
    'What a rule did there is on record.',
    'Nothing is left to do.',
  ),
} satisfies Record<string, ProblemSpec>

export const LEDGER_PROBLEMS = {
  ...chains,
  ...ids,
  ...accountsOfTransfer,
  ...forms,
  ...holds,
  ...reversals,
  ...overflows,
  ...limits,
  ...accounts,
  ...access,
  ...rules,
} as const
