/** The leaves of the tree over all accounts from pages of their rows: of a snapshot, or of a cut of the state. */
import { type Cut, PAGE_BYTES, Row32, Row64, ROW_BYTES } from '@tallystick/ledger'
import { AccountLeaves, type RowLayout, type SortedLeaves } from '@tallystick/proof'
import { assert } from '@tallystick/money'

import type { SnapshotReader } from '../snapshots/snapshot-reader.ts'

export interface AccountRows {
  readonly accounts: number
  /** Copies page `n`, 64 KiB. */
  page(n: number, into: Uint8Array): void
}

const ROWS_PER_PAGE = PAGE_BYTES / ROW_BYTES
const LAYOUT: RowLayout = {
  rowWords: ROW_BYTES / 4,
  id: Row32.id,
  asset: Row32.asset,
  balances: 2 * Row64.debitsPending,
  entryCount: 2 * Row64.entryCount,
  newest: Row32.newest,
}

/** In order of id. @param frameSalt of the frame that holds the event after which the rows are as they are. */
export function leavesOf(rows: AccountRows, frameSalt: Uint8Array): SortedLeaves {
  const leaves = new AccountLeaves(LAYOUT, frameSalt, rows.accounts)
  const page = new Uint8Array(PAGE_BYTES)
  const words = new Uint32Array(page.buffer)
  for (let from = 0; from < rows.accounts; from += ROWS_PER_PAGE) {
    rows.page(from / ROWS_PER_PAGE, page)
    leaves.add(words, Math.min(ROWS_PER_PAGE, rows.accounts - from))
  }
  return leaves.sorted()
}

/** Rows of accounts are the first pages of a snapshot. @throws SnapshotBroken */
export function rowsOfSnapshot(snapshot: SnapshotReader): AccountRows {
  const accounts = accountsIn(snapshot.head())
  return { accounts, page: (n, into) => snapshot.page(n, into) }
}

export function rowsOfCut(cut: Cut): AccountRows {
  return { accounts: accountsIn(cut.head), page: (n, into) => cut.read(n, into) }
}

function accountsIn(head: string): number {
  const { accounts } = JSON.parse(head) as { accounts: unknown }
  assert(typeof accounts === 'number', 'the head says how many accounts there are')
  return accounts
}
