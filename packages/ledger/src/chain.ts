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

/**
 * Appends the entry of the event `low`, `high` (its sequence) to the account and writes number, previous and
 * jump to the record's side at u32 index `side`.
 */
export function link(
  accounts: Accounts,
  slot: number,
  out: Uint32Array,
  side: number,
  low: number,
  high: number,
): void {
  const row = accounts.row32(slot)
  const base = accounts.base32(slot)
  const depth = row[base + Row32.rootCount] as number
  let roots = row
  let first = base + Row32.roots
  // Once deep, always deep, also when merged trees would fit in the row again.
  if (row[base + Row32.deep] !== 0) {
    roots = deepRoots(accounts, slot)
    first = deepBase(accounts, slot)
  }
  const top = first + (depth - 1) * 2
  const rank = depth === 0 ? 0 : (roots[top + 1] as number) >>> RANK_SHIFT
  const isPair = depth >= 2 && (roots[top - 1] as number) >>> RANK_SHIFT === rank
  const jump = isPair ? top - 4 : top
  const jumps = depth > (isPair ? 2 : 0)
  out[side + SideField.previous / 4] = depth === 0 ? 0 : (roots[top] as number)
  out[side + SideField.previous / 4 + 1] =
    depth === 0 ? 0 : (roots[top + 1] as number) & SEQUENCE_HIGH
  out[side + SideField.jump / 4] = jumps ? (roots[jump] as number) : 0
  out[side + SideField.jump / 4 + 1] = jumps ? (roots[jump + 1] as number) & SEQUENCE_HIGH : 0
  push(
    accounts,
    slot,
    isPair ? depth - 1 : depth + 1,
    low,
    (high | ((isPair ? rank + 1 : 1) << RANK_SHIFT)) >>> 0,
  )
  count(row, base, out, side)
  row[base + Row32.newest] = low
  row[base + Row32.newest + 1] = high
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

/** Sets the root count, and the top root. */
function push(accounts: Accounts, slot: number, depth: number, low: number, high: number): void {
  const row = accounts.row32(slot)
  const base = accounts.base32(slot)
  row[base + Row32.rootCount] = depth
  if (depth <= ROOTS_INLINE && row[base + Row32.deep] === 0) {
    row[base + Row32.roots + (depth - 1) * 2] = low
    row[base + Row32.roots + (depth - 1) * 2 + 1] = high
    return
  }
  if (row[base + Row32.deep] === 0) deepen(accounts, slot)
  const at = deepBase(accounts, slot) + (depth - 1) * 2
  accounts.deep.touch((row[base + Row32.deep] as number) - 1)
  const roots = deepRoots(accounts, slot)
  roots[at] = low
  roots[at + 1] = high
}

/** Moves the roots from the row to a row of their own. */
function deepen(accounts: Accounts, slot: number): void {
  const row = accounts.row32(slot)
  const base = accounts.base32(slot)
  row[base + Row32.deep] = accounts.addDeep() + 1
  accounts.deep.touch((row[base + Row32.deep] as number) - 1)
  const roots = deepRoots(accounts, slot)
  const first = deepBase(accounts, slot)
  for (let i = 0; i < ROOTS_INLINE * 2; i++)
    roots[first + i] = row[base + Row32.roots + i] as number
}

function deepRoots(accounts: Accounts, slot: number): Uint32Array {
  const index = (accounts.row32(slot)[accounts.base32(slot) + Row32.deep] as number) - 1
  return accounts.deep.u32[index >>> accounts.deep.chunkShift] as Uint32Array
}

function deepBase(accounts: Accounts, slot: number): number {
  const index = (accounts.row32(slot)[accounts.base32(slot) + Row32.deep] as number) - 1
  return (index & accounts.deep.rowMask) * (DEEP_ROW_BYTES / 4)
}
