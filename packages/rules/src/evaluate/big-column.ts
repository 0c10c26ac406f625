/** One signed number per account: 8 bytes, and what does not fit beside. */
const START = 1_024

export class BigColumn {
  #values = new BigInt64Array(START)
  readonly #wide = new Map<number, bigint>()

  at(slot: number): bigint {
    if (this.#wide.size > 0) {
      const wide = this.#wide.get(slot)
      if (wide !== undefined) return wide
    }
    return this.#values[slot] ?? 0n
  }

  set(slot: number, value: bigint): void {
    if (slot >= this.#values.length) this.#grow(slot)
    const low = BigInt.asIntN(64, value)
    this.#values[slot] = low
    if (low !== value) this.#wide.set(slot, value)
    else if (this.#wide.size > 0) this.#wide.delete(slot)
  }

  #grow(slot: number): void {
    const values = new BigInt64Array(Math.max(slot + 1, this.#values.length * 2))
    values.set(this.#values)
    this.#values = values
  }
}
