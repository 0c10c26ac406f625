/** No command took use beyond a limit: whoever is beyond it was so before, or had the limit lowered. */
import { ok } from 'node:assert/strict'
import { AccountFlags, NO_SUBTREE_LIMIT } from '@tallystick/ledger'
import type { AccountView, Balances } from '@tallystick/scenario'
import type { History } from './history.ts'

export function checkLimitsKept(accounts: readonly AccountView[], { before }: History): void {
  for (const account of accounts) {
    const earlier = before.accounts.get(account.id)
    if (earlier?.limit === account.limit || earlier === undefined) {
      const was = earlier === undefined ? 0n : excess(earlier, earlier, earlier.limit)
      ok(excess(account, account, account.limit) <= was, `${account.id} passed its limit`)
    }
    checkSubtreeLimit(account, earlier)
  }
}

function checkSubtreeLimit(account: AccountView, earlier: AccountView | undefined): void {
  const limit = account.subtreeLimit
  if (account.subtree === undefined || limit === NO_SUBTREE_LIMIT) return
  if (earlier !== undefined && earlier.subtreeLimit !== limit) return
  const was = earlier?.subtree === undefined ? 0n : excess(earlier, earlier.subtree, limit)
  ok(
    excess(account, account.subtree, limit) <= was,
    `the subtree of ${account.id} passed its limit`,
  )
}

/** How far use is beyond the limit, on the side that the account's flag names; 0: it is within. */
function excess({ flags }: AccountView, totals: Balances, limit: bigint): bigint {
  const debits = totals.debitsPending + totals.debitsPosted - totals.creditsPosted - limit
  const credits = totals.creditsPending + totals.creditsPosted - totals.debitsPosted - limit
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) return debits > 0n ? debits : 0n
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) return credits > 0n ? credits : 0n
  return 0n
}
