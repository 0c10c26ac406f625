/** Lists of accounts: by address, by parent, or newest first. */
import type { AccountList, AccountsFilter } from '../filters.ts'
import { SCAN_MAX } from '../limits.ts'
import type { AccountView } from '../views.ts'
import { accountView } from './account-view.ts'
import type { ReaderParts } from './book-reader.ts'

export function listAccounts(parts: ReaderParts, filter: AccountsFilter): AccountList {
  const { read } = parts.ledger
  const parent = filter.parent === undefined ? undefined : read.findAccount(filter.parent)
  if (parent !== undefined && parent < 0) return { accounts: [], next: undefined }
  const accounts: AccountView[] = []
  let looked = 0
  for (const slot of candidates(parts, filter, parent)) {
    const account = accountView(read, slot)
    if (passes(account, filter)) accounts.push(account)
    if (accounts.length === filter.limit || ++looked === SCAN_MAX) return { accounts, next: slot }
  }
  return { accounts, next: undefined }
}

function passes(account: AccountView, { asset, code, parent }: AccountsFilter): boolean {
  if (asset !== undefined && account.asset !== asset) return false
  if (code !== undefined && account.code !== code) return false
  return parent === undefined || account.parent === parent
}

function* candidates(
  { ledger, indexes }: ReaderParts,
  { prefix, after }: AccountsFilter,
  parent: number | undefined,
): Generator<number> {
  if (prefix !== undefined) {
    yield* indexes.prefix(prefix, after)
    return
  }
  if (parent !== undefined) {
    yield* ledger.read.children(parent, after)
    return
  }
  for (let slot = (after ?? ledger.read.accountCount) - 1; slot >= 0; slot--) yield slot
}
