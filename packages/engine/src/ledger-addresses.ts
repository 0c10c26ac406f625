/** Where the address index reads: addresses, balances and assets in the ledger's rows, without an object per account. */
import type { Reader } from '@tallystick/ledger'

import type { BalanceSource } from './addresses/totals.ts'

export class LedgerAddresses implements BalanceSource {
  readonly #read: Reader
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
    return this.#read.assetOf(slot)
  }
}
