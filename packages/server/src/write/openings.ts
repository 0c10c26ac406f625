/** Accounts named by a request: who they are, and which of them it opens on the way. */
import { accountIdOf, type Command, NO_SUBTREE_LIMIT, Operation } from '@tallystick/engine'

import { refuse } from '../http/refused.ts'
import type { Planning } from './plan.ts'

const NO_BYTES = new Uint8Array(0)
/** Code of accounts that open by themselves. */
const OPENED_CODE = 1
const WORLD = 'world'

export interface NamedAccount {
  readonly id: bigint
  readonly address: string
  /** Nobody has it and nobody opens it: the ledger will refuse. */
  readonly isMissing?: boolean
}

export interface Wanted {
  readonly assetText: string
  readonly asset: number
  readonly openMissing: boolean
}

export class Openings {
  readonly #planning: Planning
  readonly commands: Command[] = []
  readonly #opened = new Set<bigint>()

  constructor(planning: Planning) {
    this.#planning = planning
  }

  get ids(): readonly bigint[] {
    return [...this.#opened]
  }

  account(given: string, { assetText, asset, openMissing }: Wanted): NamedAccount {
    const { accounts, assets } = this.#planning
    const address = given === WORLD ? assets.world(assetText) : given
    const known = accounts.find(address)
    if (known !== undefined) return known
    const id = accountIdOf(address)
    if (this.#opened.has(id)) return { id, address }
    if (!openMissing && address !== assets.world(assetText)) return { id, address, isMissing: true }
    assertOrdinary(this.#planning, address, assetText)
    this.#opened.add(id)
    this.commands.push({
      ...{ operation: Operation.createAccount, id, address, asset, code: OPENED_CODE, flags: 0 },
      ...{ parent: 0n, limit: 0n, subtreeLimit: NO_SUBTREE_LIMIT, metadata: NO_BYTES },
    })
    return { id, address }
  }

  /** Those opened since the last call. */
  take(): Command[] {
    return this.commands.splice(0)
  }

  /** Somebody else in the same batch opens it. */
  willExist(id: bigint): void {
    this.#opened.add(id)
  }
}

/** `world…` addresses are for the worlds of assets, so that money never enters through an account that looks like one. @throws Refused */
export function assertOrdinary({ assets }: Planning, address: string, assetText: string): void {
  if (address !== WORLD && !address.startsWith(`${WORLD}:`)) return
  const own = assets.world(assetText)
  if (address === own) return
  refuse(
    'invalid_field',
    'address',
    `${address} is kept for worlds: that of ${assetText} is ${own}.`,
  )
}
