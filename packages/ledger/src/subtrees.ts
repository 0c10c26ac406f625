/**
 * Subtree totals: for accounts with a child or a subtree limit only, a row of 128 bytes with what crossed the
 * boundary of the account's subtree. Accounts without one pay nothing.
 *
 * Row, in units of 8 bytes: 0–7 debits pending, debits posted, credits pending, credits posted · 8–9 subtree limit ·
 * 10 newest child + 1 u32, zeros · 11–15 zeros
 */
import { U128_MAX } from './limits.ts'
import { PagedTable } from './paged-table.ts'

export const SUBTREE_BYTES = 128
const SUBTREE_SHIFT_64 = 4

export const Subtree64 = {
  debitsPending: 0,
  debitsPosted: 2,
  creditsPending: 4,
  creditsPosted: 6,
  limit: 8,
} as const

const NEWEST_CHILD = 10

export class Subtrees {
  readonly rows = new PagedTable(SUBTREE_BYTES)
  #count = 0

  get count(): number {
    return this.#count
  }

  row64(row: number): BigUint64Array {
    return this.rows.u64[row >>> this.rows.chunkShift] as BigUint64Array
  }
  base64(row: number): number {
    return (row & this.rows.rowMask) << SUBTREE_SHIFT_64
  }

  /** A row that begins as the account's own four balances, without a limit. */
  add(balances: BigUint64Array, at: number): number {
    const row = this.#count++
    this.rows.grow(this.#count)
    this.rows.touch(row)
    const into = this.row64(row)
    const base = this.base64(row)
    for (let i = 0; i < 8; i++) into[base + i] = balances[at + i] ?? 0n
    into[base + NEWEST_CHILD] = 0n
    this.setLimit(row, U128_MAX)
    return row
  }

  /** Slot of the newest child, -1 = none; the others follow by the accounts' sibling links. */
  newestChild(row: number): number {
    return Number(this.row64(row)[this.base64(row) + NEWEST_CHILD]) - 1
  }

  setNewestChild(row: number, slot: number): void {
    this.rows.touch(row)
    this.row64(row)[this.base64(row) + NEWEST_CHILD] = BigInt(slot + 1)
  }

  removeNewest(): void {
    this.#count--
  }

  limit(row: number): bigint {
    return this.total(row, Subtree64.limit)
  }

  setLimit(row: number, limit: bigint): void {
    this.rows.touch(row)
    this.#set(row, Subtree64.limit, limit)
  }

  total(row: number, field: number): bigint {
    const words = this.row64(row)
    const at = this.base64(row) + field
    return ((words[at + 1] ?? 0n) << 64n) | (words[at] ?? 0n)
  }

  /** Adds to a total, which may take away: the caller has checked that it stays within 128 bits. */
  change(row: number, field: number, by: bigint): void {
    this.rows.touch(row)
    this.#set(row, field, this.total(row, field) + by)
  }

  #set(row: number, field: number, value: bigint): void {
    const words = this.row64(row)
    const at = this.base64(row) + field
    words[at] = BigInt.asUintN(64, value)
    words[at + 1] = BigInt.asUintN(64, value >> 64n)
  }

  load(count: number): void {
    this.rows.grow(count)
    this.#count = count
  }
}
