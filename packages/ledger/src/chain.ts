/**
 * The chain of an account's entries. Each entry links to the one before and, by Myers' skew-binary scheme ("An
 * applicative random-access stack", 1983), to one further back, so that any moment is O(log n) steps away.
 * The row keeps the roots of the scheme's trees, so an append reads no history.
 *
 * A root is a sequence in the lower 56 bits of a u64 and the rank of its tree (2^rank − 1 entries) in the upper 8.
 */
import { type Accounts, DEEP_ROW_BYTES, ROOTS_INLINE, Row32, Row64 } from './accounts.ts'
import { SideField } from './record.ts'

const RANK_SHIFT = 24
const SEQUENCE_HIGH = 0x00ff_ffff
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
    const depth = row[base + Row32.rootCount] as number
    const deep = row[base + Row32.deep] as number
    // Once deep, always deep, also when merged trees would fit in the row again.
    const roots = deep === 0 ? row : this.#deepRoots(deep - 1)
    const first = deep === 0 ? base + Row32.roots : this.#deepBase(deep - 1)
    const top = first + (depth - 1) * 2
    const rank = depth === 0 ? 0 : (roots[top + 1] as number) >>> RANK_SHIFT
    const isPair = depth >= 2 && (roots[top - 1] as number) >>> RANK_SHIFT === rank
    // Two trees of one rank become one, and the entry jumps over both; otherwise it jumps to the one before.
    const jump = isPair ? top - 4 : top
    const jumps = depth > (isPair ? 2 : 0)
    out[side + PREVIOUS] = depth === 0 ? 0 : (roots[top] as number)
    out[side + PREVIOUS + 1] = depth === 0 ? 0 : (roots[top + 1] as number) & SEQUENCE_HIGH
    out[side + JUMP] = jumps ? (roots[jump] as number) : 0
    out[side + JUMP + 1] = jumps ? (roots[jump + 1] as number) & SEQUENCE_HIGH : 0
    this.#push(row, base, isPair ? depth - 1 : depth + 1, isPair ? rank + 1 : 1)
    count(row, base, out, side)
    row[base + Row32.newest] = this.#low
    row[base + Row32.newest + 1] = this.#high
  }

  /** Makes the event the top of `depth` roots. */
  #push(row: Uint32Array, base: number, depth: number, rank: number): void {
    row[base + Row32.rootCount] = depth
    if (depth > ROOTS_INLINE && row[base + Row32.deep] === 0) this.#deepen(row, base)
    const deep = row[base + Row32.deep] as number
    const roots = deep === 0 ? row : this.#deepRoots(deep - 1)
    const at = (deep === 0 ? base + Row32.roots : this.#deepBase(deep - 1)) + (depth - 1) * 2
    if (deep !== 0) this.#accounts.deep.touch(deep - 1)
    roots[at] = this.#low
    roots[at + 1] = (this.#high | (rank << RANK_SHIFT)) >>> 0
  }

  /** Moves the roots from the row to a row of their own. */
  #deepen(row: Uint32Array, base: number): void {
    const deep = this.#accounts.addDeep()
    row[base + Row32.deep] = deep + 1
    this.#accounts.deep.touch(deep)
    const roots = this.#deepRoots(deep)
    const first = this.#deepBase(deep)
    for (let i = 0; i < ROOTS_INLINE * 2; i++) {
      roots[first + i] = row[base + Row32.roots + i] as number
    }
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
