/** Numbers of a run as they come, in one growing array. */

export class Samples {
  #values = new Float64Array(1_024)
  #count = 0

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = value
  }

  get count(): number {
    return this.#count
  }

  get last(): number {
    return this.#values[this.#count - 1] ?? 0
  }

  /** A copy. */
  take(): Float64Array {
    return this.#values.slice(0, this.#count)
  }
}
