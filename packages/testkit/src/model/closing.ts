/** Holds that close their accounts while they are open. */
import { AccountFlags } from '@tallystick/ledger'
import type { State, Transfer } from './state.ts'
import { isClosingCredit, isClosingDebit } from './transfer-flags.ts'

/** The accounts that this hold closes. */
function closedAccounts(hold: Transfer): bigint[] {
  return [
    ...(isClosingDebit(hold) ? [hold.debit] : []),
    ...(isClosingCredit(hold) ? [hold.credit] : []),
  ]
}

export function closeFor(state: State, hold: Transfer): void {
  for (const id of closedAccounts(hold)) {
    const flags = state.accountOf(id).flags | AccountFlags.closed
    state.change(id, { flags, closedBy: hold.id })
  }
}

export function reopenAfter(state: State, hold: Transfer): void {
  for (const id of closedAccounts(hold)) {
    const flags = state.accountOf(id).flags & ~AccountFlags.closed
    state.change(id, { flags, closedBy: 0n })
  }
}
