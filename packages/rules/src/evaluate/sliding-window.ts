/** A sum over a window that slides in steps: of each step that has something, how much. The window has the present step and those before it. */
export class SlidingWindow {
  readonly #steps: number[] = []
  readonly #sums: bigint[] = []
  readonly #length: number
  total = 0n

  /** @param length steps that it covers */
  constructor(length: number) {
    this.#length = length
  }

  /** Time went on to `step`. */
  slide(step: number): void {
    while ((this.#steps[0] ?? step) <= step - this.#length) {
      this.#steps.shift()
      this.total -= this.#sums.shift() ?? 0n
    }
  }

  add(step: number, value: bigint): void {
    this.slide(step)
    const last = this.#steps.length - 1
    if (this.#steps[last] === step) this.#sums[last] = (this.#sums[last] ?? 0n) + value
    else {
      this.#steps.push(step)
      this.#sums.push(value)
    }
    this.total += value
  }
}
