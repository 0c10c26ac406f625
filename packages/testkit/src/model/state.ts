/** What the model remembers: immutable records in layered tables. */
import { assert } from '@tallystick/money'
import type { Charge, PackedCommands } from '@tallystick/access'
import type { Balances } from '@tallystick/scenario'
import type { Entry } from './entries.ts'
import { Layered } from './layered.ts'

export interface Account {
  readonly id: bigint
  readonly address: string
  readonly asset: number
  readonly code: number
  readonly flags: number
  /** 0 = none. */
  readonly parent: bigint
  readonly limit: bigint
  readonly subtreeLimit: bigint
  readonly metadata: Uint8Array
  readonly timestamp: bigint
  readonly own: Balances
  readonly subtree: Balances | undefined
  readonly lastEntry: Entry | undefined
  /** The open hold that closed it; 0 = none. */
  readonly closedBy: bigint
}

/** Every transfer that was created: holds, posts, voids and reversals too. */
export interface Transfer {
  readonly id: bigint
  readonly flags: number
  readonly debit: bigint
  readonly credit: bigint
  readonly asset: number
  readonly code: number
  readonly metadata: Uint8Array
  readonly pendingId: bigint
  readonly timeout: number
  readonly effectiveAt: bigint
  readonly requested: bigint
  /** Moved, held or released. */
  readonly amount: bigint
  /** A post that took all that then remained. */
  readonly tookAll: boolean
  /** How much of it later reversals moved back. */
  readonly reversed: bigint
}

export interface Hold {
  readonly id: bigint
  readonly sequence: bigint
  /** 0 = never. */
  readonly deadline: bigint
  readonly amount: bigint
  readonly captured: bigint
  readonly remaining: bigint
  readonly status: 'pending' | 'captured' | 'voided' | 'expired'
}

/** Where and when a command is decided. */
export interface Event {
  readonly sequence: bigint
  readonly timestamp: bigint
}

export const NOTHING: Balances = {
  debitsPending: 0n,
  debitsPosted: 0n,
  creditsPending: 0n,
  creditsPosted: 0n,
}

/** A control command that was accepted. */
export interface Controlled {
  readonly statement: Uint8Array
  readonly timestamp: bigint
}

/** A transfer of somebody who may have ceilings. */
export interface Charged extends Charge {
  readonly by: string
}

interface Tables {
  readonly accounts: Layered<bigint, Account>
  readonly transfers: Layered<bigint, Transfer>
  readonly holds: Layered<bigint, Hold>
  readonly burnt: Layered<bigint, true>
  readonly assets: Layered<number, string>
  readonly booksOfAssets: Layered<number, bigint>
  readonly booksOfSubtrees: Layered<bigint, bigint>
  /** By sequence: what changed rights, in its order. */
  readonly controls: Layered<bigint, Controlled>
  /** By sequence: what was moved, and by whom. */
  readonly charged: Layered<bigint, Charged>
  /** Likewise: what changed rules. */
  readonly rules: Layered<bigint, Controlled>
}

export class State implements Tables {
  readonly accounts: Layered<bigint, Account>
  readonly transfers: Layered<bigint, Transfer>
  readonly holds: Layered<bigint, Hold>
  readonly burnt: Layered<bigint, true>
  readonly assets: Layered<number, string>
  readonly booksOfAssets: Layered<number, bigint>
  readonly booksOfSubtrees: Layered<bigint, bigint>
  readonly controls: Layered<bigint, Controlled>
  readonly charged: Layered<bigint, Charged>
  /** Who asks for what is decided now. */
  by = ''
  /** What follows the first command of a batch, while that is decided. */
  rest: PackedCommands | undefined
  readonly rules: Layered<bigint, Controlled>

  constructor(below?: State) {
    this.by = below?.by ?? ''
    this.rest = below?.rest
    this.charged = new Layered(below?.charged)
    this.accounts = new Layered(below?.accounts)
    this.transfers = new Layered(below?.transfers)
    this.holds = new Layered(below?.holds)
    this.burnt = new Layered(below?.burnt)
    this.assets = new Layered(below?.assets)
    this.booksOfAssets = new Layered(below?.booksOfAssets)
    this.booksOfSubtrees = new Layered(below?.booksOfSubtrees)
    this.controls = new Layered(below?.controls)
    this.rules = new Layered(below?.rules)
  }

  fork(): State {
    return new State(this)
  }

  merge(): void {
    this.accounts.merge()
    this.transfers.merge()
    this.holds.merge()
    this.burnt.merge()
    this.assets.merge()
    this.booksOfAssets.merge()
    this.booksOfSubtrees.merge()
    this.controls.merge()
    this.charged.merge()
    this.rules.merge()
  }

  /** An account that must exist, because a transfer of it does. */
  accountOf(id: bigint): Account {
    const account = this.accounts.get(id)
    assert(account !== undefined, 'a recorded account is missing')
    return account
  }

  change(id: bigint, part: Partial<Account>): void {
    this.accounts.set(id, { ...this.accountOf(id), ...part })
  }
}
