/** Seeded random numbers (sfc32, filled by splitmix32): the same seed gives the same file on every machine. */
import { assert } from '@tallystick/money'

export class Random {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  constructor(seed: number) {
    let state = seed | 0
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0
      let mixed = state ^ (state >>> 16)
      mixed = Math.imul(mixed, 0x21f0aaad)
      mixed ^= mixed >>> 15
      mixed = Math.imul(mixed, 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) | 0
    }
    this.#a = word()
    this.#b = word()
    this.#c = word()
    // The first numbers still resemble the seed.
    for (let round = 0; round < 12; round++) this.#next()
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** 0 … bound − 1; the bias of a remainder does not matter for a sample. */
  below(bound: number): number {
    assert(bound > 0, 'nothing lies below')
    return this.#next() % bound
  }

  /** min … max, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1)
  }

  /** True in so many of a hundred throws. */
  percent(chance: number): boolean {
    return this.below(100) < chance
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    assert(item !== undefined, 'nothing to pick from')
    return item
  }
}
