/**
 * Ids of accounts by the bytes of their addresses, as they lie in a body: no text is made to look one up. A row is a line of the processor's cache,
 * with all that a look-up needs; an address has two rows where it can lie, and pushes out what was in the first when both are taken. So it is
 * bounded, and addresses chosen to collide only cost what unknown ones do.
 *
 *   0 id, 4 words, lowest first · 16 length of the address u8 · 17 address
 */
import { Memory, writeU128 } from '@tallystick/ledger'

const ROWS = 131_072
const ROW_BYTES = 64
const LENGTH_AT = 16
const TEXT_AT = LENGTH_AT + 1
const TEXT_BYTES_MAX = ROW_BYTES - TEXT_AT

export class AddressTable {
  readonly #memory = Memory.allocate(ROWS * ROW_BYTES)
  readonly #u8 = this.#memory.u8
  /** Words of all rows. */
  readonly words = this.#memory.u32

  /** Index in `words` of the id of the address that lies from `from` to `to`; -1: it is not here. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const row = rowOf(bytes, from, to)
    if (this.#has(row, bytes, from, to)) return row * (ROW_BYTES / 4)
    // Its neighbour, which the processor has fetched with it.
    return this.#has(row ^ 1, bytes, from, to) ? (row ^ 1) * (ROW_BYTES / 4) : -1
  }

  /** Puts in an address that is not here yet. @returns the index of its id; -1: it is too long to be kept. */
  add(bytes: Uint8Array, { from, to }: { from: number; to: number }, id: bigint): number {
    if (to - from > TEXT_BYTES_MAX) return -1
    let row = rowOf(bytes, from, to)
    const u8 = this.#u8
    if (u8[row * ROW_BYTES + LENGTH_AT] !== 0 && u8[(row ^ 1) * ROW_BYTES + LENGTH_AT] === 0) {
      row ^= 1
    }
    const at = row * ROW_BYTES
    writeU128(this.#memory, at, id)
    u8[at + LENGTH_AT] = to - from
    u8.set(bytes.subarray(from, to), at + TEXT_AT)
    return at / 4
  }

  #has(row: number, bytes: Uint8Array, from: number, to: number): boolean {
    const u8 = this.#u8
    const at = row * ROW_BYTES + LENGTH_AT
    const length = to - from
    if (length === 0 || u8[at] !== length) return false
    const shift = at + 1 - from
    // Addresses differ at their ends more often than at their beginnings.
    for (let index = to - 1; index >= from; index--) {
      if (u8[shift + index] !== bytes[index]) return false
    }
    return true
  }
}

/** FNV-1a, with its upper half folded into the lower one. */
function rowOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let index = from; index < to; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193)
  }
  return (hash ^ (hash >>> 15)) & (ROWS - 1)
}
