/**
 * A tree as RFC 9162, section 2.1.1, defines it, for any number of leaves: all leaves are alike but a few, so that a subtree
 * without one of these is known from its height. Written from the definition, with node:crypto alone.
 */
import { createHash } from 'node:crypto'
import { HASH_SIZE, TILE_HEIGHT, TILE_WIDTH } from './tile.ts'

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

export const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(Uint8Array.of(1), left, right)

export class VirtualTree {
  readonly #special: readonly bigint[]
  readonly #plain: Uint8Array[] = [sha256(Uint8Array.of(0))]
  readonly #known = new Map<string, Uint8Array>()

  /** @param special indexes of the leaves that are like no other. */
  constructor(special: readonly bigint[]) {
    this.#special = special
  }

  leaf(index: bigint): Uint8Array {
    return this.root(index, index + 1n)
  }

  /** MTH(D[start:end]), where `start` is the beginning of a subtree of that size. */
  root(start: bigint, end: bigint): Uint8Array {
    if (start === end) return sha256()
    const key = `${start}-${end}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const root = this.#compute(start, end)
    this.#known.set(key, root)
    return root
  }

  #compute(start: bigint, end: bigint): Uint8Array {
    const leaves = end - start
    const isWhole = (leaves & (leaves - 1n)) === 0n
    if (isWhole && !this.#special.some((index) => index >= start && index < end)) {
      return this.#plainRoot(leaves)
    }
    if (leaves === 1n) return sha256(Uint8Array.of(0), Buffer.from(`leaf ${start}`))
    let split = 1n
    while (split * 2n < leaves) split *= 2n
    return nodeOf(this.root(start, start + split), this.root(start + split, end))
  }

  #plainRoot(leaves: bigint): Uint8Array {
    const height = leaves.toString(2).length - 1
    while (this.#plain.length <= height) {
      const below = this.#plain.at(-1) as Uint8Array
      this.#plain.push(nodeOf(below, below))
    }
    return this.#plain[height] as Uint8Array
  }

  /** MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for every i, as tlog-tiles has it. */
  tile(level: number, index: bigint, width: number): Uint8Array {
    const hashes = new Uint8Array(width * HASH_SIZE)
    const leaves = 1n << BigInt(level * TILE_HEIGHT)
    for (let at = 0; at < width; at++) {
      const start = (index * BigInt(TILE_WIDTH) + BigInt(at)) * leaves
      hashes.set(this.root(start, start + leaves), at * HASH_SIZE)
    }
    return hashes
  }

  /** PATH(m, D[start:end]), RFC 9162, 2.1.3.1. */
  path(index: bigint, start: bigint, end: bigint): Uint8Array[] {
    if (end - start === 1n) return []
    const middle = start + splitOf(end - start)
    return index < middle
      ? [...this.path(index, start, middle), this.root(middle, end)]
      : [...this.path(index, middle, end), this.root(start, middle)]
  }

  /** SUBPROOF(m, D[start:end], b), RFC 9162, 2.1.4.1; `first` counts from 0. */
  subproof(first: bigint, start: bigint, end: bigint): Uint8Array[] {
    if (first === end) return start === 0n ? [] : [this.root(start, end)]
    const middle = start + splitOf(end - start)
    return first <= middle
      ? [...this.subproof(first, start, middle), this.root(middle, end)]
      : [...this.subproof(first, middle, end), this.root(start, middle)]
  }
}

function splitOf(leaves: bigint): bigint {
  let split = 1n
  while (split * 2n < leaves) split *= 2n
  return split
}
