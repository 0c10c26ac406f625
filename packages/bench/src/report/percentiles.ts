/** Percentiles of samples, by nearest rank: each is a value that was measured, never one between two. */
import { assert } from '@tallystick/money'

/** Sorts the samples in place. */
export class Percentiles {
  readonly #sorted: Float64Array

  constructor(samples: Float64Array) {
    this.#sorted = samples.sort()
  }

  static of(samples: readonly number[]): Percentiles {
    return new Percentiles(Float64Array.from(samples))
  }

  /** All samples of several stretches. */
  static merged(parts: readonly Float64Array[]): Percentiles {
    const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return new Percentiles(all)
  }

  get count(): number {
    return this.#sorted.length
  }

  /** @param percent above 0, at most 100. */
  at(percent: number): number {
    assert(percent > 0 && percent <= 100, 'a percentile from above 0 to 100')
    assert(this.#sorted.length > 0, 'percentiles need a sample')
    const rank = Math.ceil((percent / 100) * this.#sorted.length)
    return this.#sorted[rank - 1] ?? 0
  }

  get max(): number {
    return this.at(100)
  }
}

/** The middle one; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return Percentiles.of(values).at(50)
}
