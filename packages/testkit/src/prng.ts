/**
 * Seeded randomness: sfc32, its four words filled from the seed by splitmix32. The same seed gives the same
 * numbers on every machine and in every version; tests print the seed when they fail.
 */
import { assert } from '@tallystick/money'

export class Prng {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  constructor(seed: number) {
    const word = splitmix32(seed)
    this.#a = word()
    this.#b = word()
    this.#c = word()
    // The first numbers still resemble the seed; twelve rounds mix it through.
    for (let round = 0; round < 12; round++) this.u32()
  }

  u32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32())
  }

  u128(): bigint {
    return (this.u64() << 64n) | this.u64()
  }

  /** 0 … bound − 1, without bias. */
  below(bound: number): number {
    assert(Number.isInteger(bound) && bound > 0 && bound <= 2 ** 32, 'bound out of range')
    // Numbers beyond the last whole multiple of the bound are thrown again.
    const fair = 2 ** 32 - (2 ** 32 % bound)
    for (;;) {
      const word = this.u32()
      if (word < fair) return word % bound
    }
  }

  /** True once in `times` throws. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    assert(item !== undefined, 'nothing to pick from')
    return item
  }

  /** A generator of its own, so that two parts of a test do not disturb each other's numbers. */
  fork(): Prng {
    return new Prng(this.u32())
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let word = state ^ (state >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return (word ^ (word >>> 15)) | 0
  }
}

/** Another seed on every run, for tests that look further each time; `TALLY_SEED` names one to run again. */
export function freshSeed(): number {
  const named = process.env['TALLY_SEED']
  return named === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(named)
}
