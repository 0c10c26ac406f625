/** Where the address index reads: addresses, balances and assets in the ledger's rows, without an object per account. */
import type { Reader } from '@tallystick/ledger'

import type { BalanceSource } from './addresses/totals.ts'

const SLOTS_MIN = 1_024

export class LedgerAddresses implements BalanceSource {
  readonly #read: Reader
  /** Assets that were asked for: they never change. 0 = not yet. */
  #assets = new Uint32Array(0)
  #words: Uint32Array | undefined
  #limbs: BigUint64Array = new BigUint64Array(0)

  constructor(read: Reader) {
    this.#read = read
  }

  readAddress(slot: number, into: Uint8Array): number {
    return this.#read.readAddress(slot, into)
  }

  readBalances(slot: number, into: Uint32Array): number {
    if (this.#words !== into) {
      this.#words = into
      this.#limbs = new BigUint64Array(into.buffer, into.byteOffset, into.length / 2)
    }
    this.#read.readBalances(slot, this.#limbs)
    return this.#assetOf(slot)
  }

  #assetOf(slot: number): number {
    if (slot >= this.#assets.length) {
      const wider = new Uint32Array(Math.max(SLOTS_MIN, this.#read.accountCount * 2))
      wider.set(this.#assets)
      this.#assets = wider
    }
    const known = this.#assets[slot] ?? 0
    if (known !== 0) return known
    const { asset } = this.#read.account(slot)
    this.#assets[slot] = asset
    return asset
  }
}
