/** A sum of amounts: a plain number as long as that is exact, which is nearly always and costs nothing. */
export class Sum {
  /** Amounts. */
  count = 0
  #small = 0
  #beyond = 0n

  /** @param amount not negative. */
  add(amount: number | bigint): void {
    this.count++
    if (typeof amount === 'bigint') this.#beyond += amount
    else if (this.#small + amount <= Number.MAX_SAFE_INTEGER) this.#small += amount
    else this.#beyond += BigInt(amount)
  }

  get total(): bigint {
    return this.#beyond + BigInt(this.#small)
  }
}
