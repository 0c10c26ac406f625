/** Accounts of a load: addresses of one length, and ids, either made from the address or simply counted. */
import { hash } from 'node:crypto'

import { accountIdInput } from '@tallystick/contract'

export const ADDRESS_PREFIX = 'bench:'
export const ADDRESS_DIGITS = 8
export const ADDRESS_LENGTH = ADDRESS_PREFIX.length + ADDRESS_DIGITS

/** 7 → `bench:00000007`. */
export function addressOf(index: number): string {
  return ADDRESS_PREFIX + String(index).padStart(ADDRESS_DIGITS, '0')
}

/** The 16 bytes of the id of that account, the lowest first. */
export function idBytesOf(index: number): Uint8Array {
  return hash('sha256', accountIdInput(addressOf(index)), 'buffer').subarray(0, 16)
}

/** Ids by index, as four words each. */
export interface AccountIds {
  copyTo(target: Uint32Array, at: number, index: number): void
}

/** Accounts without an address: 1, 2, 3 … as other ledgers' benchmarks have them. */
export const countedIds: AccountIds = {
  copyTo(target, at, index) {
    target[at] = index + 1
  },
}

/** Accounts with addresses: hashed once, looked up afterwards. */
export class AddressedIds implements AccountIds {
  readonly #words: Uint32Array

  constructor(accounts: number) {
    const bytes = new Uint8Array(accounts * 16)
    for (let index = 0; index < accounts; index++) bytes.set(idBytesOf(index), index * 16)
    this.#words = new Uint32Array(bytes.buffer)
  }

  copyTo(target: Uint32Array, at: number, index: number): void {
    const from = index * 4
    target[at] = this.#words[from] ?? 0
    target[at + 1] = this.#words[from + 1] ?? 0
    target[at + 2] = this.#words[from + 2] ?? 0
    target[at + 3] = this.#words[from + 3] ?? 0
  }
}
