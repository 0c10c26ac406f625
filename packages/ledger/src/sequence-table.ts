/**
 * A hash table from sequences to sequences or rows: open holds by the hold's sequence, newest touches by the
 * touched transfer's. Sequences are below 2^53, so a key is two u32 and the table is exact.
 */
const SLOTS_MIN = 64

export class SequenceTable {
  /** Four words a slot: key low, key high + 1 (0 = empty), value low, value high. */
  #table = new Uint32Array(SLOTS_MIN * 4)
  #count = 0

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
      table.copyWithin(gap * 4, at * 4, at * 4 + 4)
      gap = at
    }
    table.fill(0, gap * 4, gap * 4 + 4)
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
    this.#table = new Uint32Array(old.length * 2)
    this.#count = 0
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 1] === 0) continue
      const key = (old[at] ?? 0) + ((old[at + 1] ?? 0) - 1) * 0x1_0000_0000
      this.set(key, (old[at + 2] ?? 0) + (old[at + 3] ?? 0) * 0x1_0000_0000)
    }
  }
}

function upper(value: number): number {
  return Math.floor(value / 0x1_0000_0000)
}

/** Sequences come in order; the multiplication spreads neighbours over the table. */
function scatter(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
