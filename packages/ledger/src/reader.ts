/** Reads the state: accounts, holds, assets, books and its canonical bytes. Changes nothing. */
import { CLOSED_BY_TRANSFER, NO_PARENT, Row32, Row64 } from './accounts.ts'
import { contentBytes, stateBytes } from './canonical.ts'
import type { OpenHold } from './holds.ts'
import { Memory, writeU128 } from './memory.ts'
import { big } from './limbs.ts'
import { subtreeRow } from './move.ts'
import { subtreeLimitOf } from './openings.ts'
import type { State } from './state.ts'
import { Subtree64 } from './subtrees.ts'

export interface FourBalances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

/** An account as it is now. Amounts in minor units, times in ns. */
export interface AccountState extends FourBalances {
  readonly slot: number
  readonly id: bigint
  readonly address: string
  readonly asset: number
  readonly code: number
  /** `AccountFlags`; `closed` as it is now. */
  readonly flags: number
  /** -1 = none. */
  readonly parentSlot: number
  readonly limit: bigint
  /** 2^128 − 1 = none. */
  readonly subtreeLimit: bigint
  /** A copy. */
  readonly metadata: Uint8Array
  readonly timestamp: bigint
  readonly createdSequence: number
  /** Entries in its chain. */
  readonly entryCount: bigint
  /** Sequence of its newest entry; 0 = none. */
  readonly newestSequence: number
  readonly effectiveNewest: bigint
  /** Totals over what crossed its subtree's boundary; undefined: it never had a child or a subtree limit. */
  readonly subtree: FourBalances | undefined
}

/** What an account's row says for a walk along its chain: a part of `AccountState` that reads no address and no metadata. */
export type AccountStanding = FourBalances &
  Pick<AccountState, 'flags' | 'limit' | 'timestamp' | 'entryCount' | 'newestSequence'>

export class Reader {
  readonly #state: State
  readonly #scratch = Memory.allocate(16)

  constructor(state: State) {
    this.#state = state
  }

  get accountCount(): number {
    return this.#state.accounts.count
  }

  /** Transfers created so far; holds, posts, voids and reversals are transfers too. */
  get transferCount(): number {
    return this.#state.transferCount
  }

  /** Slot of the account with that id, -1 = none. */
  findAccount(id: bigint): number {
    writeU128(this.#scratch, 0, id)
    return this.#state.accounts.find(this.#scratch.u32, 0)
  }

  accountId(slot: number): bigint {
    return this.#state.accounts.id(slot)
  }

  addressOf(slot: number): string {
    return this.#state.accounts.address(slot)
  }

  /** Copies the address into `into`, which holds 255 bytes. @returns its length. Makes no object. */
  readAddress(slot: number, into: Uint8Array): number {
    return this.#state.accounts.readAddress(slot, into)
  }

  assetOf(slot: number): number {
    const { accounts } = this.#state
    return accounts.row32(slot)[accounts.base32(slot) + Row32.asset] as number
  }

  /** Copies debits pending, debits posted, credits pending, credits posted, each a lower and an upper limb. */
  readBalances(slot: number, into: BigUint64Array, at = 0): void {
    const { accounts } = this.#state
    const row = accounts.row64(slot)
    const from = accounts.base64(slot) + Row64.debitsPending
    for (let limb = 0; limb < 8; limb++) into[at + limb] = row[from + limb] as bigint
  }

  /** Sequence of its newest entry; 0 = none. */
  newestSequence(slot: number): number {
    const { accounts } = this.#state
    const at = accounts.base32(slot) + Row32.newest
    const row = accounts.row32(slot)
    return (row[at] as number) + (row[at + 1] as number) * 0x1_0000_0000
  }

  /** Sequence of the event that opened it. */
  openedBy(slot: number): number {
    const { accounts } = this.#state
    const at = accounts.base32(slot) + Row32.createdBy
    const row = accounts.row32(slot)
    return (row[at] as number) + (row[at + 1] as number) * 0x1_0000_0000
  }

  /** Whether it has totals over a subtree: it has, or had, a child or a limit of its subtree. */
  hasSubtree(slot: number): boolean {
    return subtreeRow(this.#state, slot) >= 0
  }

  standing(slot: number): AccountStanding {
    const { accounts } = this.#state
    const row = accounts.row64(slot)
    const at = accounts.base64(slot)
    return {
      ...balances(row, at + Row64.debitsPending),
      flags: accounts.flags(slot) & ~CLOSED_BY_TRANSFER,
      limit: big(row, at + Row64.limit),
      timestamp: row[at + Row64.createdAt] as bigint,
      entryCount: row[at + Row64.entryCount] as bigint,
      newestSequence: this.newestSequence(slot),
    }
  }

  account(slot: number): AccountState {
    const { accounts } = this.#state
    const words = accounts.row32(slot)
    const base = accounts.base32(slot)
    const row = accounts.row64(slot)
    const at = accounts.base64(slot)
    const parent = words[base + Row32.parent] as number
    const subtree = subtreeRow(this.#state, slot)
    return {
      ...balances(row, at + Row64.debitsPending),
      slot,
      id: accounts.id(slot),
      address: accounts.address(slot),
      asset: words[base + Row32.asset] as number,
      code: (words[base + Row32.flagsAndCode] as number) >>> 16,
      flags: accounts.flags(slot) & ~CLOSED_BY_TRANSFER,
      parentSlot: parent === NO_PARENT ? -1 : parent,
      limit: big(row, at + Row64.limit),
      subtreeLimit: subtreeLimitOf(this.#state, slot),
      metadata: accounts.metadata(slot).slice(),
      timestamp: row[at + Row64.createdAt] as bigint,
      createdSequence: Number(row[at + Row64.createdBy]),
      entryCount: row[at + Row64.entryCount] as bigint,
      newestSequence: Number(row[at + Row64.newest]),
      effectiveNewest: row[at + Row64.effectiveNewest] as bigint,
      subtree: subtree < 0 ? undefined : this.#subtree(subtree),
    }
  }

  #subtree(row: number): FourBalances {
    const { subtrees } = this.#state
    return balances(subtrees.row64(row), subtrees.base64(row) + Subtree64.debitsPending)
  }

  /** Slots of an account's children, newest first; only those older than the account `after` when it is given. */
  *children(slot: number, after?: number): Generator<number> {
    const { accounts, subtrees } = this.#state
    const row = subtreeRow(this.#state, slot)
    if (row < 0) return
    const isChild = after !== undefined && accounts.parent(after) === slot
    let child = isChild ? this.#sibling(after) : subtrees.newestChild(row)
    for (; child >= 0; child = this.#sibling(child)) {
      if (after === undefined || child < after) yield child
    }
  }

  /** The child of the same parent that was opened before it, -1 = none. */
  #sibling(slot: number): number {
    const { accounts } = this.#state
    return (accounts.row32(slot)[accounts.base32(slot) + Row32.sibling] as number) - 1
  }

  get openHoldCount(): number {
    return this.#state.holds.count
  }

  /** The open hold made by the transfer of that sequence. */
  openHold(sequence: number): OpenHold | undefined {
    const { holds } = this.#state
    const row = holds.find(sequence)
    return row < 0 ? undefined : holds.view(row)
  }

  /** Every open hold, in no promised order. */
  *openHolds(): Generator<OpenHold> {
    const { holds } = this.#state
    for (const row of holds.open()) yield holds.view(row)
  }

  /** Name of a registered asset, like `PTS/0`. Those of ISO 4217 are not registered. */
  assetName(number: number): string | undefined {
    return this.#state.assetNames.get(number)
  }
  assetNumber(name: string): number | undefined {
    return this.#state.assetNumbers.get(name)
  }
  assets(): ReadonlyMap<number, string> {
    return this.#state.assetNames
  }

  /** Until when the books of an asset are closed, ns; 0 = open. */
  booksOfAsset(asset: number): bigint {
    return this.#state.books.untilOfAsset(asset)
  }
  booksOfSubtree(slot: number): bigint {
    return this.#state.books.untilOfSubtree(slot)
  }

  /** Canonical bytes of `contentHash`, in pieces. */
  contentBytes(): Iterable<Uint8Array> {
    return contentBytes(this.#state)
  }
  /** Canonical bytes of `stateHash`, in pieces. */
  stateBytes(): Iterable<Uint8Array> {
    return stateBytes(this.#state)
  }
}

function balances(words: BigUint64Array, at: number): FourBalances {
  return {
    debitsPending: big(words, at),
    debitsPosted: big(words, at + 2),
    creditsPending: big(words, at + 4),
    creditsPosted: big(words, at + 6),
  }
}
