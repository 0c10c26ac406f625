/** Proofs for tests, made by the recursive definitions of RFC 9162 and nothing cleverer. */
import { nodeHash } from './merkle.ts'

export class NaiveTree {
  readonly leaves: readonly Uint8Array[]
  /** Roots of the ranges that were asked for: the definitions come back to the same ones again and again. */
  readonly #roots = new Map<string, Uint8Array>()

  constructor(leafHashes: readonly Uint8Array[]) {
    this.leaves = leafHashes
  }

  /** The root over leaves `from` to `to` (2.1.1). */
  root(from: number, to: number): Uint8Array {
    if (to - from === 1) return this.leaves[from] as Uint8Array
    const range = `${from}-${to}`
    const known = this.#roots.get(range)
    if (known !== undefined) return known
    const middle = from + split(to - from)
    const root = nodeHash(this.root(from, middle), this.root(middle, to))
    this.#roots.set(range, root)
    return root
  }

  /** PATH(index, D[from:to]) of 2.1.3.1; `index` counts from 0, wherever the range begins. */
  inclusion(index: number, to: number, from = 0): Uint8Array[] {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return index < middle
      ? [...this.inclusion(index, middle, from), this.root(middle, to)]
      : [...this.inclusion(index, to, middle), this.root(from, middle)]
  }

  /** PROOF(first, D[0:second]) of 2.1.4.1. */
  consistency(first: number, second: number): Uint8Array[] {
    return first === 0 ? [] : this.#subproof(first, { from: 0, to: second }, true)
  }

  #subproof(first: number, range: { from: number; to: number }, whole: boolean): Uint8Array[] {
    const { from, to } = range
    if (first === to) return whole ? [] : [this.root(from, to)]
    const middle = from + split(to - from)
    return first <= middle
      ? [...this.#subproof(first, { from, to: middle }, whole), this.root(middle, to)]
      : [...this.#subproof(first, { from: middle, to }, false), this.root(from, middle)]
  }
}

/** The largest power of two smaller than `count`. */
function split(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}
