/**
 * A hash table from sequences to sequences or rows: open holds by the hold's sequence, newest touches by the
 * touched transfer's. Sequences are below 2^53, so a key is two u32 and the table is exact.
 */
const SLOTS_MIN = 64

export class SequenceTable {
  /** Four words a slot: key low, key high + 1 (0 = empty), value low, value high. */
  #table: Uint32Array
  #count = 0

  /** @param expected keys: for so many it does not grow. */
  constructor(expected = 0) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(SLOTS_MIN, expected * 2)))
    this.#table = new Uint32Array(slots * 4)
  }

  get count(): number {
    return this.#count
  }

  /** @returns the value, 0 = none. */
  get(key: number): number {
    const at = this.#place(key)
    return (this.#table[at + 2] ?? 0) + (this.#table[at + 3] ?? 0) * 0x1_0000_0000
  }

  /** Sets a value that is not 0. */
  set(key: number, value: number): void {
    const at = this.#place(key)
    const table = this.#table
    const isNew = table[at + 1] === 0
    table[at] = key >>> 0
    table[at + 1] = upper(key) + 1
    table[at + 2] = value >>> 0
    table[at + 3] = upper(value)
    if (!isNew) return
    this.#count++
    if (this.#count * 8 > table.length) this.#grow()
  }

  delete(key: number): void {
    const table = this.#table
    const mask = (table.length >>> 2) - 1
    let gap = this.#place(key) >>> 2
    if (table[gap * 4 + 1] === 0) return
    for (let at = (gap + 1) & mask; table[at * 4 + 1] !== 0; at = (at + 1) & mask) {
      const home = scatter(table[at * 4] ?? 0, (table[at * 4 + 1] ?? 0) - 1) & mask
      if (((at - home) & mask) < ((at - gap) & mask)) continue
      copySlot(table, at * 4, table, gap * 4)
      gap = at
    }
    // Word by word, here and in `copySlot`: `fill` and `copyWithin` cost more than four words do.
    for (let word = gap * 4; word < gap * 4 + 4; word++) table[word] = 0
    this.#count--
  }

  /** Index in the table of the key's slot, or of the empty slot where it would be. */
  #place(key: number): number {
    const table = this.#table
    const low = key >>> 0
    const high = upper(key) + 1
    const mask = (table.length >>> 2) - 1
    // Ends: the table is never fuller than a half.
    for (let slot = scatter(low, high - 1) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4
      const seen = table[at + 1]
      if (seen === 0 || (table[at] === low && seen === high)) return at
    }
  }

  #grow(): void {
    const old = this.#table
    const table = new Uint32Array(old.length * 2)
    this.#table = table
    const mask = (table.length >>> 2) - 1
    for (let at = 0; at < old.length; at += 4) {
      const high = old[at + 1] as number
      if (high === 0) continue
      let slot = scatter(old[at] as number, high - 1) & mask
      while (table[slot * 4 + 1] !== 0) slot = (slot + 1) & mask
      copySlot(old, at, table, slot * 4)
    }
  }
}

function copySlot(from: Uint32Array, at: number, to: Uint32Array, into: number): void {
  to[into] = from[at] as number
  to[into + 1] = from[at + 1] as number
  to[into + 2] = from[at + 2] as number
  to[into + 3] = from[at + 3] as number
}

function upper(value: number): number {
  return Math.floor(value / 0x1_0000_0000)
}

/**
 * Sequences come in order, and go about in it: eight neighbours, two cache lines, stay beside each other. The multiplication spreads the
 * eights over the table.
 */
function scatter(low: number, high: number): number {
  const mixed = Math.imul((low >>> 3) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return ((mixed ^ (mixed >>> 15)) << 3) | (low & 7)
}
