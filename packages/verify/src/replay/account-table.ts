/**
 * Accounts as the events so far make them, in flat memory: 128 bytes and a place of the id's table for each. Numbers are little-endian, as in what an account's state
 * commits to (decision 0014), since all that runs JavaScript is.
 *
 * Row: 0 id 16 · 16 debits pending, debits posted, credits pending, credits posted, 16 each · 80 limit 16 · 96 entries u64 · 104 newest entry u64 · 112 asset u32 ·
 * 116 flags u32 · 120 slot of the parent + 1 u32 · 124 number of its subtree + 1 u32
 */
import type { AccountState, Balances } from '../account-tree.ts'
import { IdTable } from './id-table.ts'

const ROW_BYTES = 128
const CHUNK_ROWS = 8_192
const LIMIT = 10
const COUNT = 12
const NEWEST = 13
const ASSET = 28
const FLAGS = 29
const PARENT = 30
const SUBTREE = 31
const LOW = (1n << 64n) - 1n

export const AccountFlag = {
  debitsMustNotExceedCredits: 1 << 1,
  creditsMustNotExceedDebits: 1 << 2,
  closed: 1 << 3,
  /** Not the ledger's: its newest entry is not sound, so that nothing can be held against it. */
  unsure: 1 << 16,
} as const

export interface NewAccount {
  readonly id: bigint
  readonly asset: number
  readonly flags: number
  readonly limit: bigint
  /** Slot; undefined: none. */
  readonly parent: number | undefined
}

export const BALANCES = [
  'debitsPending',
  'debitsPosted',
  'creditsPending',
  'creditsPosted',
] as const

export class AccountTable {
  readonly #slots = new IdTable()
  readonly #longs: BigUint64Array[] = []
  readonly #words: Uint32Array[] = []

  get count(): number {
    return this.#slots.count
  }

  find(id: bigint): number | undefined {
    return this.#slots.find(id)
  }

  /** @returns the new slot; undefined: there is one with this id, or the id is zero. */
  add({ id, asset, flags, limit, parent }: NewAccount): number | undefined {
    const slot = this.count
    if (id === 0n || this.#slots.add(id, slot) !== undefined) return undefined
    if (slot % CHUNK_ROWS === 0) {
      const bytes = new ArrayBuffer(CHUNK_ROWS * ROW_BYTES)
      this.#longs.push(new BigUint64Array(bytes))
      this.#words.push(new Uint32Array(bytes))
    }
    const { longs, at } = this.#longsOf(slot)
    longs[at] = id & LOW
    longs[at + 1] = id >> 64n
    this.setLimit(slot, limit)
    this.#setWord(slot, ASSET, asset)
    this.#setWord(slot, FLAGS, flags)
    this.#setWord(slot, PARENT, parent === undefined ? 0 : parent + 1)
    return slot
  }

  id(slot: number): bigint {
    return this.#big(slot, 0)
  }
  /** As numbers. */
  compareIds(a: number, b: number): number {
    for (let word = 3; word >= 0; word--) {
      const difference = this.#word(a, word) - this.#word(b, word)
      if (difference !== 0) return difference
    }
    return 0
  }
  asset(slot: number): number {
    return this.#word(slot, ASSET)
  }
  flags(slot: number): number {
    return this.#word(slot, FLAGS)
  }
  has(slot: number, flag: number): boolean {
    return (this.flags(slot) & flag) !== 0
  }
  set(slot: number, flag: number, isSet: boolean): void {
    const flags = this.flags(slot)
    this.#setWord(slot, FLAGS, isSet ? flags | flag : flags & ~flag)
  }
  parent(slot: number): number | undefined {
    const parent = this.#word(slot, PARENT)
    return parent === 0 ? undefined : parent - 1
  }
  /** Number of its subtree's totals; undefined: it has none. */
  subtree(slot: number): number | undefined {
    const subtree = this.#word(slot, SUBTREE)
    return subtree === 0 ? undefined : subtree - 1
  }
  setSubtree(slot: number, subtree: number): void {
    this.#setWord(slot, SUBTREE, subtree + 1)
  }
  limit(slot: number): bigint {
    return this.#big(slot, LIMIT)
  }
  setLimit(slot: number, limit: bigint): void {
    this.#setBig(slot, LIMIT, limit)
  }

  balances(slot: number): Balances {
    return {
      debitsPending: this.#big(slot, 2),
      debitsPosted: this.#big(slot, 4),
      creditsPending: this.#big(slot, 6),
      creditsPosted: this.#big(slot, 8),
    }
  }

  entries(slot: number): { count: bigint; newest: bigint } {
    const { longs, at } = this.#longsOf(slot)
    return { count: longs[at + COUNT] as bigint, newest: longs[at + NEWEST] as bigint }
  }

  setState(slot: number, state: Omit<AccountState, 'asset'>): void {
    for (const [index, name] of BALANCES.entries()) this.#setBig(slot, 2 + 2 * index, state[name])
    const { longs, at } = this.#longsOf(slot)
    longs[at + COUNT] = state.count
    longs[at + NEWEST] = state.newest
  }

  /** The row's bytes, in place. */
  row(slot: number): Uint8Array {
    const words = this.#words[Math.floor(slot / CHUNK_ROWS)] as Uint32Array
    return new Uint8Array(words.buffer, (slot % CHUNK_ROWS) * ROW_BYTES, ROW_BYTES)
  }

  #longsOf(slot: number): { longs: BigUint64Array; at: number } {
    const longs = this.#longs[Math.floor(slot / CHUNK_ROWS)] as BigUint64Array
    return { longs, at: (slot % CHUNK_ROWS) * (ROW_BYTES / 8) }
  }

  #big(slot: number, field: number): bigint {
    const { longs, at } = this.#longsOf(slot)
    const upper = longs[at + field + 1] as bigint
    const lower = longs[at + field] as bigint
    return upper === 0n ? lower : lower | (upper << 64n)
  }

  #setBig(slot: number, field: number, value: bigint): void {
    const { longs, at } = this.#longsOf(slot)
    longs[at + field] = value
    longs[at + field + 1] = value > LOW ? value >> 64n : 0n
  }

  #word(slot: number, field: number): number {
    const words = this.#words[Math.floor(slot / CHUNK_ROWS)] as Uint32Array
    return words[(slot % CHUNK_ROWS) * (ROW_BYTES / 4) + field] as number
  }

  #setWord(slot: number, field: number, value: number): void {
    const words = this.#words[Math.floor(slot / CHUNK_ROWS)] as Uint32Array
    words[(slot % CHUNK_ROWS) * (ROW_BYTES / 4) + field] = value
  }
}
