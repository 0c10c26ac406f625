/** Which of two answers to create_account wins. */
import { AccountStatus } from '@tallystick/ledger'
import type { Precedence } from './precedence.ts'

const GIVEN = `
  account A address=a
  account B
  account D2 parent=A
  account D3 parent=D2
  account D4 parent=D3
  account D5 parent=D4
  account D6 parent=D5
  account D7 parent=D6
  account D8 parent=D7`

const PAIRS = {
  'linked_event_chain_open, reserved_flag': `
    account N linked flags=16 -> linked_event_chain_open
    account N flags=16        -> reserved_flag`,
  'reserved_flag, id_must_not_be_zero': `
    account 0 flags=16 -> reserved_flag
    account 0          -> id_must_not_be_zero`,
  'exists_with_different_flags, exists_with_different_address': `
    account A address=b dmnec -> exists_with_different_flags
    account A address=b       -> exists_with_different_address`,
  'exists_with_different_address, exists_with_different_parent': `
    account A parent=B address=b -> exists_with_different_address
    account A parent=B address=a -> exists_with_different_parent`,
  'exists_with_different_parent, exists_with_different_asset': `
    account A address=a asset=2 parent=B -> exists_with_different_parent
    account A address=a asset=2          -> exists_with_different_asset`,
  'exists_with_different_asset, exists_with_different_code': `
    account A address=a code=2 asset=2 -> exists_with_different_asset
    account A address=a code=2         -> exists_with_different_code`,
  'flags_are_mutually_exclusive, asset_must_not_be_zero': `
    account N asset=0 dmnec cmned -> flags_are_mutually_exclusive
    account N asset=0             -> asset_must_not_be_zero`,
  'asset_must_not_be_zero, code_must_not_be_zero': `
    account N code=0 asset=0 -> asset_must_not_be_zero
    account N code=0         -> code_must_not_be_zero`,
  'code_must_not_be_zero, parent_not_found': `
    account N parent=Z code=0 -> code_must_not_be_zero
    account N parent=Z        -> parent_not_found`,
  'parent_has_different_asset, parent_too_deep': `
    account N parent=D8 asset=2 -> parent_has_different_asset
    account N parent=D8         -> parent_too_deep`,
  'parent_too_deep, subtree_limit_needs_a_flag': `
    account N subtree=5 parent=D8 -> parent_too_deep
    account N subtree=5           -> subtree_limit_needs_a_flag`,
  'exists_with_different_flags, flags_are_mutually_exclusive': `
    account A dmnec cmned -> exists_with_different_flags
    account N dmnec cmned -> flags_are_mutually_exclusive`,
}

export const ACCOUNT_PRECEDENCE: Precedence = {
  table: AccountStatus,
  given: GIVEN,
  pairs: PAIRS,
  impossible: {
    'created, linked_event_failed': 'created means that nothing applies',
    'linked_event_failed, linked_event_chain_open':
      'decided by place: the last member of an open chain gets linked_event_chain_open, no other does',
    'id_must_not_be_zero, id_must_not_be_int_max': 'one number is not two',
    'id_must_not_be_int_max, exists_with_different_flags':
      'no account with that id is ever created',
    'exists_with_different_code, exists': 'exists means that nothing differs',
    'exists, flags_are_mutually_exclusive':
      'what was recorded has lawful flags, and these are equal',
    'parent_not_found, parent_has_different_asset':
      'the later one needs what the earlier one misses',
  },
}
