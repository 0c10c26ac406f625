/** Accounts by their id, for openings that name a parent: 16 bytes an id and a table of slots, since texts or bigints would take a multiple. */
const START = 1_024

export class SlotIndex {
  #ids = new BigUint64Array(START * 2)
  /** Slot + 1; 0: free. At most half full. */
  #table = new Uint32Array(START * 2)
  #count = 0

  add(slot: number, id: bigint): void {
    if (slot * 2 + 1 >= this.#ids.length) this.#growIds(slot)
    this.#ids[slot * 2] = BigInt.asUintN(64, id)
    this.#ids[slot * 2 + 1] = id >> 64n
    this.#count++
    if (this.#count * 2 > this.#table.length) this.#rehash()
    else this.#enter(slot)
  }

  /** -1: there is none. */
  find(id: bigint): number {
    const [low, high] = [BigInt.asUintN(64, id), id >> 64n]
    const mask = this.#table.length - 1
    for (let at = hashOf(low, high) & mask; ; at = (at + 1) & mask) {
      const slot = (this.#table[at] ?? 0) - 1
      if (slot < 0) return -1
      if (this.#ids[slot * 2] === low && this.#ids[slot * 2 + 1] === high) return slot
    }
  }

  #enter(slot: number): void {
    const mask = this.#table.length - 1
    let at = hashOf(this.#ids[slot * 2] ?? 0n, this.#ids[slot * 2 + 1] ?? 0n) & mask
    while (this.#table[at] !== 0) at = (at + 1) & mask
    this.#table[at] = slot + 1
  }

  /** Slots are given in order, without a gap. */
  #rehash(): void {
    this.#table = new Uint32Array(this.#table.length * 2)
    for (let slot = 0; slot < this.#count; slot++) this.#enter(slot)
  }

  #growIds(slot: number): void {
    const ids = new BigUint64Array(Math.max(slot * 2 + 2, this.#ids.length * 2))
    ids.set(this.#ids)
    this.#ids = ids
  }
}

function hashOf(low: bigint, high: bigint): number {
  const word = Number((low ^ (low >> 32n) ^ high ^ (high >> 32n)) & 0xffff_ffffn)
  return Math.imul(word ^ (word >>> 15), 0x9e37_79b1) >>> 8
}
