/**
 * The chain of an account's entries. Each entry links to the one before and, by Myers' skew-binary scheme ("An
 * applicative random-access stack", 1983), to one further back, so that any moment is O(log n) steps away.
 * The row keeps the roots of the scheme's trees, so an append reads no history.
 *
 * An append asks the newest three roots only, so the row holds the newest ones, and the older ones lie in a row of the deep table: most
 * appends never touch it, however long the chain is.
 *
 * A root is a sequence in the lower 56 bits of a u64 and the rank of its tree (2^rank − 1 entries) in the upper 8.
 */
import { assert } from '@tallystick/money'

import { type Accounts, DEEP_ROW_BYTES, ROOTS_INLINE, Row32, Row64 } from './accounts.ts'
import { SideField } from './record.ts'

const RANK_SHIFT = 24
const SEQUENCE_HIGH = 0x00ff_ffff
/** The row's word of counts: all roots in the lower half, those that lie in the deep row in the upper. */
const COUNT_MASK = 0xffff
/** Roots that move to the deep row when the row is full, and at most so many that come back. */
const SPILL = 5
const REFILL = 4
/** Roots that the row holds at the least, unless the chain has fewer. */
const NEWEST = 3
const PREVIOUS = SideField.previous / 4
const JUMP = SideField.jump / 4

export class Chain {
  readonly #accounts: Accounts
  /** The sequence of the event that is being linked, in halves. */
  #low = 0
  #high = 0

  constructor(accounts: Accounts) {
    this.#accounts = accounts
  }

  /** The event whose entries `link` appends from now on. */
  begin(sequence: number): void {
    this.#low = sequence >>> 0
    this.#high = Math.floor(sequence / 0x1_0000_0000)
  }

  /** Appends an entry to the account whose row begins at `row[base]`; writes number, previous and jump to the side at `out[side]`. */
  link(row: Uint32Array, base: number, out: Uint32Array, side: number): void {
    const counts = row[base + Row32.rootCount] as number
    const depth = counts & COUNT_MASK
    const held = depth - (counts >>> 16)
    const top = base + Row32.roots + (held - 1) * 2
    const rank = depth === 0 ? 0 : (row[top + 1] as number) >>> RANK_SHIFT
    const isPair = depth >= 2 && (row[top - 1] as number) >>> RANK_SHIFT === rank
    // Two trees of one rank become one, and the entry jumps over both; otherwise it jumps to the one before.
    const jump = isPair ? top - 4 : top
    const jumps = depth > (isPair ? 2 : 0)
    out[side + PREVIOUS] = depth === 0 ? 0 : (row[top] as number)
    out[side + PREVIOUS + 1] = depth === 0 ? 0 : (row[top + 1] as number) & SEQUENCE_HIGH
    out[side + JUMP] = jumps ? (row[jump] as number) : 0
    out[side + JUMP + 1] = jumps ? (row[jump + 1] as number) & SEQUENCE_HIGH : 0
    const at = isPair ? top - 2 : this.#above(row, base, held)
    row[at] = this.#low
    row[at + 1] = (this.#high | ((isPair ? rank + 1 : 1) << RANK_SHIFT)) >>> 0
    row[base + Row32.rootCount] = (row[base + Row32.rootCount] as number) + (isPair ? -1 : 1)
    if (isPair && held - 1 < NEWEST && counts > COUNT_MASK) this.#refill(row, base, held - 1)
    count(row, base, out, side)
    row[base + Row32.newest] = this.#low
    row[base + Row32.newest + 1] = this.#high
  }

  /** Where the next root goes, above the `held` ones of the row. */
  #above(row: Uint32Array, base: number, held: number): number {
    if (held === ROOTS_INLINE) return base + Row32.roots + this.#spill(row, base) * 2
    return base + Row32.roots + held * 2
  }

  /** Moves the oldest roots of a full row to the deep row. @returns how many the row still holds. */
  #spill(row: Uint32Array, base: number): number {
    const { deep } = this.#accounts
    if (row[base + Row32.deep] === 0) row[base + Row32.deep] = this.#accounts.addDeep() + 1
    const index = (row[base + Row32.deep] as number) - 1
    deep.touch(index)
    const spilled = (row[base + Row32.rootCount] as number) >>> 16
    const from = base + Row32.roots
    const to = this.#deepBase(index) + spilled * 2
    this.#deepRoots(index).set(row.subarray(from, from + SPILL * 2), to)
    row.copyWithin(from, from + SPILL * 2, from + ROOTS_INLINE * 2)
    row[base + Row32.rootCount] = (row[base + Row32.rootCount] as number) + (SPILL << 16)
    return ROOTS_INLINE - SPILL
  }

  /** Brings the newest roots of the deep row back below the `held` ones of the row. */
  #refill(row: Uint32Array, base: number, held: number): void {
    const index = (row[base + Row32.deep] as number) - 1
    const spilled = (row[base + Row32.rootCount] as number) >>> 16
    const back = Math.min(REFILL, spilled)
    const at = base + Row32.roots
    row.copyWithin(at + back * 2, at, at + held * 2)
    const from = this.#deepBase(index) + (spilled - back) * 2
    row.set(this.#deepRoots(index).subarray(from, from + back * 2), at)
    row[base + Row32.rootCount] = (row[base + Row32.rootCount] as number) - (back << 16)
  }

  #deepRoots(index: number): Uint32Array {
    const { deep } = this.#accounts
    return deep.u32[index >>> deep.chunkShift] as Uint32Array
  }

  #deepBase(index: number): number {
    return (index & this.#accounts.deep.rowMask) * (DEEP_ROW_BYTES / 4)
  }
}

/** Entry count plus one, to the row and the record's side, as two u32 so that no bigint is made. */
function count(row: Uint32Array, base: number, out: Uint32Array, side: number): void {
  const at = base + Row64.entryCount * 2
  const low = ((row[at] as number) + 1) >>> 0
  row[at] = low
  if (low === 0) row[at + 1] = (row[at + 1] as number) + 1
  out[side] = low
  out[side + 1] = row[at + 1] as number
}

assert(ROOTS_INLINE - SPILL >= NEWEST && NEWEST - 1 + REFILL <= ROOTS_INLINE)
