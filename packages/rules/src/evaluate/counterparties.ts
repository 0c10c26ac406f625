/** With whom an account dealt last, each with when: the newest so many, oldest first. */
export class Counterparties {
  readonly #max: number
  readonly #steps = new Map<number, number>()
  #slidTo = -1

  constructor(max: number) {
    this.#max = max
  }

  /** Forgets whom it dealt with `length` steps ago or earlier. */
  slide(step: number, length: number): void {
    if (step === this.#slidTo) return
    this.#slidTo = step
    for (const [slot, at] of this.#steps) {
      if (at > step - length) return
      this.#steps.delete(slot)
    }
  }

  /** @returns whether it is new. */
  add(slot: number, step: number): boolean {
    const known = this.#steps.get(slot)
    // Those of one step may stand in any order.
    if (known === step) return false
    if (known !== undefined) this.#steps.delete(slot)
    this.#steps.set(slot, step)
    if (this.#steps.size > this.#max) {
      for (const oldest of this.#steps.keys()) {
        this.#steps.delete(oldest)
        break
      }
    }
    return known === undefined
  }

  /** At most `max`, however many there are. */
  get size(): number {
    return this.#steps.size
  }
}
