/**
 * Totals of the accounts under a prefix, by the first segments of their addresses and by asset. Adds up in steps, so that the
 * engine can let others run between them.
 */
import { ADDRESS_BYTES_MAX } from '@tallystick/ledger'

import type { AddressIndex } from './address-index.ts'
import type { AddressSource } from './address-source.ts'
import { TOTALS_GROUPS_MAX } from './limits.ts'

/** What the totals ask about an account. */
export interface BalanceSource extends AddressSource {
  /**
   * Writes debits pending, debits posted, credits pending and credits posted to `into`, each as four u32 from the lowest.
   * @returns the account's asset.
   */
  readBalances(slot: number, into: Uint32Array): number
}

export interface GroupTotals {
  /** The first segments of the addresses; the whole address where it has fewer; '' when all are in one group. */
  readonly group: string
  readonly asset: number
  readonly accounts: number
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

/** There are more groups than one answer may have. */
export class TooManyGroups extends Error {
  override readonly name = 'TooManyGroups'
}

const COLON = 0x3a
const BALANCE_WORDS = 16
/** So many sums of u32 stay exact in a double. */
const SUMS_EXACT_MAX = 2 ** 20

/** Sums word by word: no bigint per account. */
class Sums {
  accounts = 0
  readonly #words = new Float64Array(BALANCE_WORDS)
  readonly #settled = [0n, 0n, 0n, 0n]

  add(words: Uint32Array): void {
    for (let i = 0; i < BALANCE_WORDS; i++) this.#words[i] = (this.#words[i] ?? 0) + (words[i] ?? 0)
    this.accounts++
    if (this.accounts % SUMS_EXACT_MAX === 0) this.#settle()
  }

  #settle(): void {
    for (let i = BALANCE_WORDS - 1; i >= 0; i--) {
      const total = i >>> 2
      const shifted = BigInt(this.#words[i] ?? 0) << BigInt((i & 3) * 32)
      this.#settled[total] = (this.#settled[total] ?? 0n) + shifted
    }
    this.#words.fill(0)
  }

  totals(group: string, asset: number): GroupTotals {
    this.#settle()
    const [debitsPending = 0n, debitsPosted = 0n, creditsPending = 0n, creditsPosted = 0n] =
      this.#settled
    const { accounts } = this
    return { group, asset, accounts, debitsPending, debitsPosted, creditsPending, creditsPosted }
  }
}

export class Totals {
  readonly #slots: Generator<number>
  readonly #source: BalanceSource
  readonly #address = new Uint8Array(ADDRESS_BYTES_MAX + 1)
  readonly #segments: number
  readonly #balances = new Uint32Array(BALANCE_WORDS)
  readonly #groups = new Map<string, Map<number, Sums>>()
  #groupCount = 0
  /** Of the account before. */
  #group = new Uint8Array(0)
  #groupName = ''
  #asset = 0
  #sums: Sums | undefined

  /** @param groupBy segments that make a group; 0: all accounts are one. */
  constructor(
    index: AddressIndex,
    source: BalanceSource,
    { prefix, groupBy }: { readonly prefix: string; readonly groupBy: number },
  ) {
    this.#slots = index.slots(prefix)
    this.#source = source
    this.#segments = groupBy
  }

  /** Adds up at most so many accounts. True: that was all. @throws TooManyGroups */
  step(most: number): boolean {
    for (let i = 0; i < most; i++) {
      const next = this.#slots.next()
      if (next.done === true) return true
      const asset = this.#source.readBalances(next.value, this.#balances)
      const entered = this.#enterGroup(next.value)
      if (entered || this.#sums === undefined || asset !== this.#asset) {
        this.#sums = this.#sumsOf(asset)
      }
      this.#sums.add(this.#balances)
    }
    return false
  }

  /** Whether the account begins another group than the one before it: in order of address groups are stretches. */
  #enterGroup(slot: number): boolean {
    const length = this.#segments === 0 ? 0 : this.#source.readAddress(slot, this.#address)
    const end = groupEnd(this.#address, length, this.#segments)
    if (end === this.#group.length && startsWith(this.#address, this.#group)) return false
    this.#group = this.#address.slice(0, end)
    this.#groupName = String.fromCharCode(...this.#group)
    return true
  }

  #sumsOf(asset: number): Sums {
    this.#asset = asset
    const assets = this.#groups.get(this.#groupName) ?? new Map<number, Sums>()
    this.#groups.set(this.#groupName, assets)
    const known = assets.get(asset)
    if (known !== undefined) return known
    this.#groupCount++
    if (this.#groupCount > TOTALS_GROUPS_MAX) {
      throw new TooManyGroups(
        `there are more than ${TOTALS_GROUPS_MAX} groups: ask for fewer segments, or a longer prefix`,
      )
    }
    const sums = new Sums()
    assets.set(asset, sums)
    return sums
  }

  /** In order of address, then of asset. */
  result(): readonly GroupTotals[] {
    return [...this.#groups].flatMap(([group, assets]) =>
      [...assets].sort(([a], [b]) => a - b).map(([asset, sums]) => sums.totals(group, asset)),
    )
  }
}

/** Length of the first segments of an address, of the whole address when it has fewer. */
function groupEnd(address: Uint8Array, length: number, segments: number): number {
  let left = segments
  for (let at = 0; at < length; at++) {
    if (address[at] === COLON && --left === 0) return at
  }
  return length
}

function startsWith(address: Uint8Array, group: Uint8Array): boolean {
  for (let at = 0; at < group.length; at++) if (address[at] !== group[at]) return false
  return true
}
