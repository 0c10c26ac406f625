/** Addresses and balances in plain arrays: the source of tests and measurements of the index. */
import type { BalanceSource } from './totals.ts'

export interface ListedAccount {
  readonly address: string
  readonly asset: number
  /** Debits pending, debits posted, credits pending, credits posted. */
  readonly balances: readonly [bigint, bigint, bigint, bigint]
}

export class AddressList implements BalanceSource {
  readonly accounts: ListedAccount[] = []

  /** @returns the slot. */
  add(address: string, more: Partial<ListedAccount> = {}): number {
    return this.accounts.push({ asset: 1, balances: [0n, 0n, 0n, 0n], ...more, address }) - 1
  }

  address(slot: number): string {
    return this.accounts[slot]?.address ?? ''
  }

  readAddress(slot: number, into: Uint8Array): number {
    const address = this.address(slot)
    for (let i = 0; i < address.length; i++) into[i] = address.charCodeAt(i)
    return address.length
  }

  readBalances(slot: number, into: Uint32Array): number {
    const account = this.accounts[slot]
    account?.balances.forEach((balance, i) => {
      for (let word = 0; word < 4; word++) {
        into[i * 4 + word] = Number((balance >> BigInt(word * 32)) & 0xffff_ffffn)
      }
    })
    return account?.asset ?? 0
  }
}
