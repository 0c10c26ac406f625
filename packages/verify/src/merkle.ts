/**
 * The Merkle tree of RFC 6962 and RFC 9162, section 2.1, with SHA-256: its hashes, and the checks of inclusion
 * and consistency proofs. Indexes and sizes are bigints, since a log may be larger than 2^53.
 *
 * Every check answers `true` only when the proof proves it. What is malformed (a hash of another length, an index
 * beyond the tree) proves nothing: `false`, never an exception.
 */
import { equalBytes } from './bytes.ts'
import { HASH_SIZE, sha256 } from './sha256.ts'

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)

/** The root of a tree without leaves: SHA-256 of nothing. */
const EMPTY_ROOT = sha256()

export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(LEAF_PREFIX, leaf)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE_PREFIX, left, right)
}

export interface Inclusion {
  /** From 0. */
  readonly index: bigint
  /** Of the tree, in leaves. */
  readonly size: bigint
  /** The leaf's hash, 32 bytes; never the leaf itself. */
  readonly leaf: Uint8Array
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/**
 * Whether the leaf stands at `index` of the tree with this root (RFC 9162, 2.1.3.2). The root alone does not say how
 * large the tree is: take both from one signed checkpoint.
 */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (index < 0n || index >= size) return false
  if (![leaf, root, ...proof].every(isHash)) return false
  let node = index
  let last = size - 1n
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0n) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash)
      // At the right edge a node without sibling is its own parent, for as many levels as that holds.
      while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n]
    } else {
      hash = nodeHash(hash, sibling)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n && equalBytes(hash, root)
}

export interface Consistency {
  /** Size of the older tree, in leaves. */
  readonly first: bigint
  /** Size of the newer tree. */
  readonly second: bigint
  readonly firstRoot: Uint8Array
  readonly secondRoot: Uint8Array
  /** Empty when the sizes are equal, or when the older tree is empty. */
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the newer tree begins with all leaves of the older one, in their order (RFC 9162, 2.1.4.2). Every tree begins
 * with the empty one, which the RFC leaves out: there the older root has to be the hash of nothing.
 */
export function verifyConsistency(claim: Consistency): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim
  if (first < 0n || first > second) return false
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false
  if (first === second && !equalBytes(firstRoot, secondRoot)) return false
  if (first === 0n) return proof.length === 0 && equalBytes(firstRoot, EMPTY_ROOT)
  if (first === second) return proof.length === 0
  return proof.length > 0 && leadsToBoth(claim)
}

/** For 0 < first < second. */
function leadsToBoth({ first, second, firstRoot, secondRoot, proof }: Consistency): boolean {
  // A whole subtree is the older tree itself, so that its proof leaves its root out.
  const whole = (first & (first - 1n)) === 0n
  const [start, ...path] = whole ? [firstRoot, ...proof] : proof
  if (start === undefined) return false
  let node = first - 1n
  let last = second - 1n
  while (isOdd(node)) [node, last] = [node >> 1n, last >> 1n]
  let older = start
  let newer = start
  for (const sibling of path) {
    if (last === 0n) return false
    if (isOdd(node) || node === last) {
      older = nodeHash(sibling, older)
      newer = nodeHash(sibling, newer)
      while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n]
    } else {
      newer = nodeHash(newer, sibling)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n && equalBytes(older, firstRoot) && equalBytes(newer, secondRoot)
}

/** The root over all leaf hashes (RFC 9162, 2.1.1). */
export function treeRoot(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const tree = new GrowingTree()
  for (const hash of leafHashes) tree.push(hash)
  return tree.root()
}

/** A tree that leaves are appended to, of which only the roots of its whole subtrees are kept: 53 at most. */
export class GrowingTree {
  /** The largest first: one for each bit of the size that is set. */
  readonly #roots: Uint8Array[] = []
  #size = 0

  push(hash: Uint8Array): void {
    let node = hash
    for (let level = this.#size; level % 2 === 1; level = (level - 1) / 2) {
      node = nodeHash(this.#roots.pop() as Uint8Array, node)
    }
    this.#roots.push(node)
    this.#size++
  }

  root(): Uint8Array {
    return this.#roots.length === 0
      ? EMPTY_ROOT.slice()
      : this.#roots.reduceRight((right, left) => nodeHash(left, right))
  }
}

function isOdd(number: bigint): boolean {
  return (number & 1n) === 1n
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_SIZE
}
