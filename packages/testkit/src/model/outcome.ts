/** What deciding one command gives: a number of the operation's status table, and what goes with it. */
import type { TransferStatus } from '@tallystick/ledger'
import type { Refusal } from '@tallystick/scenario'

export interface Outcome {
  readonly status: number
  readonly amount: bigint
  readonly refusal: Refusal | undefined
}

/** A check's answer; undefined: nothing to object. Checks are strung together with `??`, the earlier wins. */
export type Objection = TransferStatus | undefined

export const outcome = (status: number, amount = 0n, refusal?: Refusal): Outcome => ({
  status,
  amount,
  refusal,
})
