/**
 * Holds what is asked to the ceilings of whoever asks for it, and charges them: when a transfer is decided, and again when its record is
 * replayed. Who asks is told for each request; whoever has no ceilings costs a comparison for each command.
 */
import type { AccessState, Ceiling } from '@tallystick/access'

import type { Accounts } from './accounts.ts'
import type { Refusal } from './allowance.ts'
import { TransferFlags } from './flags.ts'
import type { Undo } from './undo.ts'

/** Who asks; the one on whose behalf is bound like the one who does. */
export interface Asker {
  readonly principal: string
  readonly initiator: string
}

/** Nobody in particular: the library, the ledger itself. */
export const NOBODY: Asker = { principal: '', initiator: '' }

/** What takes nothing out that was not taken before: it was charged as a hold. */
const FREE = TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer
const NONE: readonly Ceiling[] = []

interface Moved {
  readonly debitSlot: number
  readonly asset: number
  readonly amount: bigint
  readonly at: bigint
}

export class Charges {
  readonly #access: AccessState
  readonly #accounts: Accounts
  readonly #undo: Undo
  #asker = NOBODY
  #ceilings = NONE
  /** Whether what is asked is bound by any ceiling. */
  any = false

  constructor(parts: { access: AccessState; accounts: Accounts; undo: Undo }) {
    this.#access = parts.access
    this.#accounts = parts.accounts
    this.#undo = parts.undo
  }

  /** The next commands, or the next records to fold in, are of a request that this one made. */
  begin(asker: Asker): void {
    this.#asker = asker
    this.refresh()
  }

  get asker(): Asker {
    return this.#asker
  }

  /** A control command was folded in. @param inNameOf whose commands follow; undefined: those of the same asker */
  goOn(inNameOf: string | undefined): void {
    if (inNameOf === undefined) this.refresh()
    else this.begin({ principal: inNameOf, initiator: '' })
  }

  /** Ceilings may have changed. */
  refresh(): void {
    const { principal, initiator } = this.#asker
    const { ceilings } = this.#access
    if (ceilings.isEmpty) {
      this.any = false
      return
    }
    const own = ceilings.of(principal)
    const others = initiator === principal ? NONE : ceilings.of(initiator)
    this.#ceilings = others.length === 0 ? own : [...own, ...others]
    this.any = this.#ceilings.length > 0
  }

  /** Whether a ceiling refuses it; the first in the order of their creation is named. */
  refuses(moved: Moved, refusal: Refusal): boolean {
    const charge = this.#chargeOf(moved)
    for (const ceiling of this.#ceilings) {
      if (!ceiling.covers(charge)) continue
      const needed = ceiling.needed(charge)
      const available = ceiling.available(charge.at)
      if (needed <= available) continue
      refusal.isSet = true
      refusal.account = ceiling.number
      refusal.needed = needed
      refusal.available = available
      refusal.limit = ceiling.limit
      return true
    }
    return false
  }

  /** A transfer with those flags was created. */
  charge(flags: number, moved: Moved): void {
    if ((flags & FREE) !== 0) return
    const charge = this.#chargeOf(moved)
    for (const ceiling of this.#ceilings) {
      if (!ceiling.covers(charge)) continue
      const back = ceiling.charge(charge)
      if (this.#undo.recording) this.#undo.call(back)
    }
  }

  #chargeOf({ debitSlot, asset, amount, at }: Moved) {
    return { address: this.#accounts.address(debitSlot), asset, amount, at }
  }
}
