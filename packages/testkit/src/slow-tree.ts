/** A log for tests: the definitions of RFC 6962, section 2.1, as they are written there, and slow. */
import { leafHash, nodeHash, sha256 } from '@tallystick/verify'

export class SlowTree {
  readonly #leaves: Uint8Array[]

  constructor(leaves: readonly Uint8Array[] = []) {
    this.#leaves = [...leaves]
  }

  get size(): number {
    return this.#leaves.length
  }

  /** Adds leaves whose content is the size they come at, and `branch`. */
  grow(count: number, branch = 0): this {
    for (let added = 0; added < count; added++) {
      const content = new TextEncoder().encode(`${this.#leaves.length} ${branch}`)
      this.#leaves.push(leafHash(content))
    }
    return this
  }

  /** Another log with the first leaves of this one. */
  cut(size: number): SlowTree {
    return new SlowTree(this.#leaves.slice(0, size))
  }

  head(size = this.size): { readonly size: bigint; readonly root: Uint8Array } {
    return { size: BigInt(size), root: rootOf(this.#leaves.slice(0, size)) }
  }

  /** PROOF(first, D[second]); empty where the RFC defines none. */
  consistency(first: number, second = this.size): Uint8Array[] {
    if (first === 0 || first >= second) return []
    return subproof(first, this.#leaves.slice(0, second), true)
  }
}

/** MTH. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [first, second] = leaves
  if (first === undefined) return sha256()
  if (second === undefined) return first
  const k = splitOf(leaves.length)
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)))
}

/** SUBPROOF. */
function subproof(m: number, leaves: readonly Uint8Array[], isWhole: boolean): Uint8Array[] {
  if (m === leaves.length) return isWhole ? [] : [rootOf(leaves)]
  const k = splitOf(leaves.length)
  const left = leaves.slice(0, k)
  const right = leaves.slice(k)
  if (m <= k) return [...subproof(m, left, isWhole), rootOf(right)]
  return [...subproof(m - k, right, false), rootOf(left)]
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1))
}
