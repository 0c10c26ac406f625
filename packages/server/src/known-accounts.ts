/**
 * Accounts by address and by slot, as far as they never change: bounded memory of what the ledger said. Saves a hash per
 * address and a reading of the whole row per answer.
 */
import { formatId } from '@tallystick/contract'
import { AccountFlags, accountIdOf, type AccountView, type LedgerReader } from '@tallystick/engine'

import type { KnownAssets } from './known-assets.ts'
import { KNOWN_ACCOUNTS_MAX } from './limits.ts'

export interface KnownAccount {
  readonly id: bigint
  readonly slot: number
  /** Its id as text when it has none. */
  readonly address: string
  readonly asset: number
  readonly assetText: string
  /** Which side its own flag limits, if any. */
  readonly limits: 'debits' | 'credits' | undefined
  /** The limit when it was met first; `limits.ts` of `render` knows whether it still counts. */
  readonly limit: bigint
}

export function limitedSide(flags: number): KnownAccount['limits'] {
  if ((flags & AccountFlags.debitsMustNotExceedCredits) !== 0) return 'debits'
  return (flags & AccountFlags.creditsMustNotExceedDebits) !== 0 ? 'credits' : undefined
}

/** Forgets the older half when it is full. */
class Memory<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= KNOWN_ACCOUNTS_MAX / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}

export class KnownAccounts {
  readonly #reader: LedgerReader
  readonly #assets: KnownAssets
  /** The account of a slot lies at the slot's lower bits: a look-up of every answer is one read. */
  readonly #bySlot = Array.from<KnownAccount | undefined>({
    length: KNOWN_ACCOUNTS_MAX,
  })
  readonly #byAddress = new Memory<string, KnownAccount>()
  readonly #ids = new Memory<string, bigint>()

  constructor(reader: LedgerReader, assets: KnownAssets) {
    this.#reader = reader
    this.#assets = assets
  }

  /** Id of the account that has, or would have, that address. */
  idOf(address: string): bigint {
    const account = this.#byAddress.get(address)
    if (account !== undefined) return account.id
    let id = this.#ids.get(address)
    if (id === undefined) {
      id = accountIdOf(address)
      this.#ids.set(address, id)
    }
    return id
  }

  /** undefined: there is no such account. */
  find(address: string): KnownAccount | undefined {
    const known = this.#byAddress.get(address)
    if (known !== undefined) return known
    const view = this.#reader.account(this.idOf(address))
    if (view === undefined || view.address !== address) return undefined
    return this.#learn(view)
  }

  /** undefined: a slot that no account has, as in the records of a dry run. */
  bySlot(slot: number): KnownAccount | undefined {
    const known = this.#bySlot[slot & (KNOWN_ACCOUNTS_MAX - 1)]
    if (known?.slot === slot) return known
    const view = this.#reader.accountBySlot(slot)
    return view === undefined ? undefined : this.#learn(view)
  }

  /** The account with an id that the book names. */
  byId(id: bigint): { readonly address: string; readonly assetText: string } {
    const view = this.#reader.account(id)
    return view === undefined ? { address: formatId(id), assetText: '' } : this.#learn(view)
  }

  /** Address of the account with an id; the id itself as text when it is unknown or has none. */
  addressOf(id: bigint): string {
    const address = this.#reader.account(id)?.address ?? ''
    return address === '' ? formatId(id) : address
  }

  #learn(view: AccountView): KnownAccount {
    const account: KnownAccount = {
      id: view.id,
      slot: view.slot,
      address: view.address === '' ? formatId(view.id) : view.address,
      asset: view.asset,
      assetText: this.#assets.text(view.asset),
      limits: limitedSide(view.flags),
      limit: view.limit,
    }
    this.#bySlot[account.slot & (KNOWN_ACCOUNTS_MAX - 1)] = account
    if (view.address !== '') this.#byAddress.set(account.address, account)
    return account
  }
}
