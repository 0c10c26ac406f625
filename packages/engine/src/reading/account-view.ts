/** Accounts as readers see them. */
import { AccountFlags, type AccountState, type Reader } from '@tallystick/ledger'

import type { Balances } from '../history/queries.ts'
import type { AccountView } from '../views.ts'

export function accountView(reader: Reader, slot: number): AccountView {
  const { createdSequence, parentSlot, effectiveNewest, ...account } = reader.account(slot)
  void effectiveNewest
  return {
    ...account,
    sequence: createdSequence,
    parent: parentSlot < 0 ? 0n : reader.accountId(parentSlot),
    balance: balanceOf(account),
    available: availableOf(account),
  }
}

/** Credits posted − debits posted. */
export function balanceOf({ creditsPosted, debitsPosted }: Balances): bigint {
  return creditsPosted - debitsPosted
}

/** What the account's own flag, limit and open holds still allow to be taken; undefined: no flag limits it. */
function availableOf(
  account: Balances & Pick<AccountState, 'flags' | 'limit'>,
): bigint | undefined {
  const { flags, limit, debitsPending, debitsPosted, creditsPending, creditsPosted } = account
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) {
    return atLeastZero(creditsPosted + limit - debitsPending - debitsPosted)
  }
  if ((flags & AccountFlags.creditsMustNotExceedDebits) !== 0) {
    return atLeastZero(debitsPosted + limit - creditsPending - creditsPosted)
  }
  return undefined
}

function atLeastZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}
