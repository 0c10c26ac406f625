/** Use, limits and what is left of them: one formula for accounts and subtrees, for debit and credit side. */
import { AccountFlags, NO_SUBTREE_LIMIT, U128_MAX } from '@tallystick/ledger'
import type { Balances } from '@tallystick/scenario'
import type { Account } from './state.ts'

export type Side = 'debit' | 'credit'

const saturate = (value: bigint): bigint => (value > U128_MAX ? U128_MAX : value)
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Does the account's flag limit this side of it? */
export function limitsSide(account: Account, side: Side): boolean {
  const flag =
    side === 'debit'
      ? AccountFlags.debitsMustNotExceedCredits
      : AccountFlags.creditsMustNotExceedDebits
  return (account.flags & flag) !== 0
}

export const boundsSubtree = (account: Account, side: Side): boolean =>
  account.subtreeLimit !== NO_SUBTREE_LIMIT && limitsSide(account, side)

/** Pending and posted of this side. */
export const used = (balances: Balances, side: Side): bigint =>
  side === 'debit'
    ? balances.debitsPending + balances.debitsPosted
    : balances.creditsPending + balances.creditsPosted

const opposite = (balances: Balances, side: Side): bigint =>
  side === 'debit' ? balances.creditsPosted : balances.debitsPosted

/** How much more this side can take: max(0, opposite posted + limit − used). */
export function headroom(balances: Balances, side: Side, limit: bigint): bigint {
  const left = saturate(opposite(balances, side) + limit) - used(balances, side)
  return left > 0n ? left : 0n
}
