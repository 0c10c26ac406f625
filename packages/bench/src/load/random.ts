/** Seeded randomness that costs a client nothing: xorshift32. Its numbers only spread a load, so its weaknesses do not matter. */

export class Xorshift {
  #state: number

  /** Two seeds that follow each other give sequences that do not. */
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
    for (let round = 0; round < 8; round++) this.u32()
  }

  u32(): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state
    return state >>> 0
  }

  /** 0 … bound − 1. */
  below(bound: number): number {
    return Math.floor((this.u32() / 0x1_0000_0000) * bound)
  }
}
