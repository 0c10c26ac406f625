/** What whoever asks may move: each transfer is held to all of his ceilings. */
import type { Charge } from '@tallystick/access'
import { type CreateTransfer, TransferStatus as Status } from '@tallystick/ledger'
import { type Outcome, outcome } from './outcome.ts'
import { accessOf, ceilingsFor } from './settings.ts'
import type { Event, State } from './state.ts'

// oxlint-disable-next-line max-params -- as the checks beside it
export function chargeOf(
  state: State,
  asked: CreateTransfer,
  amount: bigint,
  event: Event,
): Charge {
  const { address } = state.accountOf(asked.debitAccountId)
  return { address, asset: asked.asset, amount, at: event.timestamp }
}

export function checkCeilings(state: State, charge: Charge): Outcome | undefined {
  // Without a name there are none, and most histories have no names.
  if (state.by === '') return undefined
  for (const ceiling of ceilingsFor(accessOf(state), state.by, charge)) {
    const needed = ceiling.needed(charge)
    const available = ceiling.available(charge.at)
    const { number: account, limit } = ceiling
    if (needed <= available) continue
    return outcome(Status.exceedsCeiling, 0n, { account, needed, available, limit })
  }
  return undefined
}
