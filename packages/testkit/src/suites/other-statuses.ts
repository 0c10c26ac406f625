/** Every answer to every other command, each with a scenario that gives it. */
import type {
  AccountStatus,
  AssetStatus,
  AttestStatus,
  BooksStatus,
  ClosureStatus,
  LimitStatus,
  MetadataStatus,
} from '@tallystick/ledger'

type Cases<Table> = Readonly<Record<keyof Table, string>>

/** A is free, L limited, both known. */
export const OTHER_GIVEN = `
  account A address=a
  account L dmnec
  asset 1 EUR/2`

export const ACCOUNT_CASES: Cases<typeof AccountStatus> = {
  created: `account N -> created`,
  linkedEventFailed: `
    batch
      account N linked -> linked_event_failed
      account O code=0 -> code_must_not_be_zero
    commit
    look N none`,
  linkedEventChainOpen: `account N linked -> linked_event_chain_open`,
  reservedFlag: `
    account N flags=16    -> reserved_flag
    account N flags=32768 -> reserved_flag`,
  idMustNotBeZero: `account 0 -> id_must_not_be_zero`,
  idMustNotBeIntMax: `account max -> id_must_not_be_int_max`,
  existsWithDifferentFlags: `account A dmnec address=a -> exists_with_different_flags`,
  existsWithDifferentAddress: `
    account A address=b -> exists_with_different_address
    account A           -> exists_with_different_address`,
  existsWithDifferentParent: `account A address=a parent=L -> exists_with_different_parent`,
  existsWithDifferentAsset: `account A address=a asset=2 -> exists_with_different_asset`,
  existsWithDifferentCode: `account A address=a code=2 -> exists_with_different_code`,
  exists: `
    account A address=a                              -> exists
    account A address=a closed limit=5 metadata=more -> exists
    look A open limit=0`,
  flagsAreMutuallyExclusive: `account N dmnec cmned -> flags_are_mutually_exclusive`,
  assetMustNotBeZero: `account N asset=0 -> asset_must_not_be_zero`,
  codeMustNotBeZero: `account N code=0 -> code_must_not_be_zero`,
  parentNotFound: `
    account N parent=Z   -> parent_not_found
    account N parent=max -> parent_not_found
    account N parent=N   -> parent_not_found
    account N            -> created`,
  parentHasDifferentAsset: `account N parent=A asset=2 -> parent_has_different_asset`,
  parentTooDeep: `
    account D2 parent=A
    account D3 parent=D2
    account D4 parent=D3
    account D5 parent=D4
    account D6 parent=D5
    account D7 parent=D6
    account D8 parent=D7 -> created
    account D9 parent=D8 -> parent_too_deep`,
  subtreeLimitNeedsAFlag: `
    account N subtree=5       -> subtree_limit_needs_a_flag
    account N subtree=0       -> subtree_limit_needs_a_flag
    account N subtree=none    -> created
    account O cmned subtree=5 -> created`,
}

export const LIMIT_CASES: Cases<typeof LimitStatus> = {
  changed: `
    limit L 50 -> changed
    limit L subtree=70 -> changed
    look L limit=50 subtree=70
    limit L    -> changed
    look L limit=50 subtree=70
    limit L 0 subtree=none -> changed
    look L limit=0 subtree=none`,
  linkedEventFailed: `
    batch
      limit L linked 50 -> linked_event_failed
      limit Z 50        -> account_not_found
    commit
    look L limit=0`,
  linkedEventChainOpen: `limit L linked 50 -> linked_event_chain_open`,
  reservedFlag: `limit L 50 flags=2 -> reserved_flag`,
  accountNotFound: `
    limit Z 50   -> account_not_found
    limit 0 50   -> account_not_found
    limit max 50 -> account_not_found`,
  subtreeLimitNeedsAFlag: `
    limit A subtree=50   -> subtree_limit_needs_a_flag
    limit A subtree=none -> changed`,
}

export const METADATA_CASES: Cases<typeof MetadataStatus> = {
  changed: `
    metadata A hello -> changed
    look A metadata=hello
    metadata A       -> changed
    look A metadata=`,
  linkedEventFailed: `
    batch
      metadata A linked hello -> linked_event_failed
      metadata Z hello        -> account_not_found
    commit
    look A metadata=`,
  linkedEventChainOpen: `metadata A linked hello -> linked_event_chain_open`,
  reservedFlag: `metadata A hello flags=4 -> reserved_flag`,
  accountNotFound: `metadata Z hello -> account_not_found`,
}

export const CLOSE_CASES: Cases<typeof ClosureStatus> = {
  changed: `
    close A  -> changed
    look A closed
    reopen A -> changed
    look A open`,
  linkedEventFailed: `
    batch
      close A linked -> linked_event_failed
      close A        -> account_already_closed
    commit
    look A open`,
  linkedEventChainOpen: `
    close A linked  -> linked_event_chain_open
    reopen A linked -> linked_event_chain_open`,
  reservedFlag: `
    close A flags=8   -> reserved_flag
    reopen A flags=8  -> reserved_flag`,
  accountNotFound: `
    close Z  -> account_not_found
    reopen Z -> account_not_found`,
  accountAlreadyClosed: `
    close A -> changed
    close A -> account_already_closed`,
  accountNotClosed: `reopen A -> account_not_closed`,
  accountClosedByTransfer: `
    account B
    transfer C A B 0 pending closing_debit
    close A  -> account_already_closed
    reopen A -> account_closed_by_transfer
    void V C
    reopen A -> account_not_closed`,
}

export const ASSET_CASES: Cases<typeof AssetStatus> = {
  created: `asset 2 USD/2 -> created`,
  linkedEventFailed: `
    batch
      asset 2 linked USD/2 -> linked_event_failed
      asset 0 ZERO/0       -> asset_must_not_be_zero
    commit
    asset 2 GBP/2 -> created`,
  linkedEventChainOpen: `asset 2 linked USD/2 -> linked_event_chain_open`,
  reservedFlag: `asset 2 USD/2 flags=2 -> reserved_flag`,
  assetMustNotBeZero: `asset 0 USD/2 -> asset_must_not_be_zero`,
  existsWithDifferentName: `asset 1 EUR/3 -> exists_with_different_name`,
  exists: `asset 1 EUR/2 -> exists`,
  nameTaken: `asset 2 EUR/2 -> name_taken`,
}

export const BOOKS_CASES: Cases<typeof BooksStatus> = {
  changed: `
    books asset=1 until=100 -> changed
    books A until=100       -> changed
    books A until=0         -> changed
    books asset=7 until=5   -> changed`,
  linkedEventFailed: `
    batch
      books A linked until=1h -> linked_event_failed
      books Z until=1h        -> account_not_found
    commit
    account B
    transfer T A B 5 -> created`,
  linkedEventChainOpen: `books A linked until=100 -> linked_event_chain_open`,
  reservedFlag: `books A until=100 flags=2 -> reserved_flag`,
  accountNotFound: `
    books Z until=100         -> account_not_found
    books Z asset=1 until=100 -> account_not_found`,
  assetMustNotBeZero: `books asset=0 until=100 -> asset_must_not_be_zero`,
}

export const ATTEST_CASES: Cases<typeof AttestStatus> = {
  created: `
    attest all-is-well -> created
    attest all-is-well -> created`,
  linkedEventFailed: `
    batch
      attest all-is-well linked -> linked_event_failed
      close Z                   -> account_not_found
    commit`,
  linkedEventChainOpen: `attest all-is-well linked -> linked_event_chain_open`,
  reservedFlag: `attest all-is-well flags=2 -> reserved_flag`,
}
