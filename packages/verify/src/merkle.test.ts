import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { equalBytes } from './bytes.ts'
import { NaiveTree } from './merkle.fixture.ts'
import {
  type Consistency,
  type Inclusion,
  leafHash,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text)

/** The tree of 8 leaves by which implementations of Certificate Transparency are tested. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((leaf) => leafHash(hex(leaf)))

const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex)

const ctRoot = (size: number): Uint8Array => CT_ROOTS[size - 1]!

test('the roots of the tree of Certificate Transparency', () => {
  for (let size = 1; size <= 8; size++) {
    expect(treeRoot(CT_LEAVES.slice(0, size))).toEqual(ctRoot(size))
  }
})

test('the root of the empty tree is the hash of nothing', () => {
  expect(treeRoot([]).toHex()).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})

test.each([
  [0, 1, []],
  [
    1,
    8,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
])("Certificate Transparency's proof of leaf %i in a tree of %i", (index, size, proof) => {
  const leaf = CT_LEAVES[index]!
  const claim = { index: BigInt(index), size: BigInt(size), leaf, root: ctRoot(size) }
  expect(verifyInclusion({ ...claim, proof: proof.map(hex) })).toBe(true)
  expect(new NaiveTree(CT_LEAVES).inclusion(index, size)).toEqual(proof.map(hex))
})

test.each([
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
])(
  "Certificate Transparency's proof that a tree of %i became one of %i",
  (first, second, proof) => {
    const sizes = { first: BigInt(first), second: BigInt(second) }
    const roots = { firstRoot: ctRoot(first), secondRoot: ctRoot(second) }
    expect(verifyConsistency({ ...sizes, ...roots, proof: proof.map(hex) })).toBe(true)
    expect(new NaiveTree(CT_LEAVES).consistency(first, second)).toEqual(proof.map(hex))
  },
)

const SIZE_MAX = 300
const leaves = Array.from({ length: SIZE_MAX }, (_, index) => leafHash(Uint8Array.of(index, 1)))
const tree = new NaiveTree(leaves)

const inclusionOf = (index: number, size: number): Inclusion => ({
  index: BigInt(index),
  size: BigInt(size),
  leaf: leaves[index]!,
  proof: tree.inclusion(index, size),
  root: tree.root(0, size),
})

const consistencyOf = (first: number, second: number): Consistency => ({
  first: BigInt(first),
  second: BigInt(second),
  firstRoot: first === 0 ? treeRoot([]) : tree.root(0, first),
  secondRoot: tree.root(0, second),
  proof: tree.consistency(first, second),
})

test('a tree that grows has the root that the definition gives, at every size', () => {
  for (let size = 1; size <= SIZE_MAX; size++) {
    expect(equalBytes(treeRoot(leaves.slice(0, size)), tree.root(0, size))).toBe(true)
  }
})

test('every leaf of every tree is proved, for all sizes up to 300', () => {
  const unproved: string[] = []
  for (let size = 1; size <= SIZE_MAX; size++) {
    for (let index = 0; index < size; index++) {
      if (!verifyInclusion(inclusionOf(index, size))) unproved.push(`${index} in ${size}`)
    }
  }
  expect(unproved).toEqual([])
})

test('every tree is proved to have become every larger one, for all sizes up to 300', () => {
  const unproved: string[] = []
  for (let second = 1; second <= SIZE_MAX; second++) {
    for (let first = 0; first <= second; first++) {
      if (!verifyConsistency(consistencyOf(first, second))) unproved.push(`${first} to ${second}`)
    }
  }
  expect(unproved).toEqual([])
})

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice()
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

const withHash = (proof: readonly Uint8Array[], at: number, hash: Uint8Array): Uint8Array[] =>
  proof.map((each, index) => (index === at ? hash : each))

/** What a hash may be instead: each of its 256 bits changed. */
const changed = (hash: Uint8Array): Uint8Array[] =>
  Array.from({ length: 256 }, (_, bit) => flipped(hash, bit))

/** Proofs with one hash too few, too many, twice, in another order, or of another length. */
const reshaped = (proof: readonly Uint8Array[]): (readonly Uint8Array[])[] => [
  ...proof.map((_, at) => proof.toSpliced(at, 1)),
  ...proof.map((hash, at) => proof.toSpliced(at, 0, hash)),
  ...proof.map((hash, at) => withHash(proof, at, hash.subarray(0, 31))),
  ...proof.slice(1).map((hash, at) => proof.toSpliced(at, 2, hash, proof[at]!)),
  [...proof, leaves[0]!],
  [leaves[0]!, ...proof],
]

/** The largest power of two smaller than `count`. */
const half = (count: number): number => (count <= 2 ? 1 : 2 * half(Math.ceil(count / 2)))

/** On which side each sibling of the way from a leaf to the root stands, from the recursive definition. */
const way = (index: number, size: number, from = 0): string => {
  if (size - from === 1) return ''
  const middle = from + half(size - from)
  return index < middle ? `${way(index, middle, from)}R` : `${way(index, size, middle)}L`
}

test('an inclusion proof with any bit of leaf, root or proof changed proves nothing, for all sizes up to 9', () => {
  const wrong: string[] = []
  for (let size = 1; size <= 9; size++) {
    for (let index = 0; index < size; index++) {
      const claim = inclusionOf(index, size)
      const others = [
        ...changed(claim.leaf).map((leaf) => ({ ...claim, leaf })),
        ...changed(claim.root).map((root) => ({ ...claim, root })),
        ...claim.proof.flatMap((hash, at) =>
          changed(hash).map((other) => ({ ...claim, proof: withHash(claim.proof, at, other) })),
        ),
        ...reshaped(claim.proof).map((proof) => ({ ...claim, proof })),
      ]
      if (others.some(verifyInclusion)) wrong.push(`${index} in ${size}`)
    }
  }
  expect(wrong).toEqual([])
})

/** The numbers that differ from this one in one of its lowest eight bits. */
const neighbours = (number: number): number[] =>
  Array.from({ length: 8 }, (_, bit) => number ^ (1 << bit))

test('another index or size proves nothing, unless the way to the root is the same', () => {
  const wrong: string[] = []
  for (let size = 1; size <= 40; size++) {
    for (let index = 0; index < size; index++) {
      const claim = inclusionOf(index, size)
      const indexes = neighbours(index).filter((other) =>
        verifyInclusion({ ...claim, index: BigInt(other) }),
      )
      // The root says nothing of the size: leaf 0 goes left, left, left in a tree of 5 and in one of 8.
      const same = (other: number) => other > index && way(index, other) === way(index, size)
      const sizes = neighbours(size).filter(
        (other) => verifyInclusion({ ...claim, size: BigInt(other) }) !== same(other),
      )
      wrong.push(...[...indexes, ...sizes].map((other) => `${other} for ${index} in ${size}`))
    }
  }
  expect(wrong).toEqual([])
})

test('a consistency proof with any bit of a root or the proof changed proves nothing, for all sizes up to 9', () => {
  const wrong: string[] = []
  for (let second = 1; second <= 9; second++) {
    for (let first = 0; first <= second; first++) {
      const claim = consistencyOf(first, second)
      const others = [
        ...changed(claim.firstRoot).map((firstRoot) => ({ ...claim, firstRoot })),
        // Nothing is known of what a tree became that had been empty.
        ...(first === 0 ? [] : changed(claim.secondRoot)).map((secondRoot) => ({
          ...claim,
          secondRoot,
        })),
        ...claim.proof.flatMap((hash, at) =>
          changed(hash).map((other) => ({ ...claim, proof: withHash(claim.proof, at, other) })),
        ),
        ...reshaped(claim.proof).map((proof) => ({ ...claim, proof })),
      ]
      if (others.some(verifyConsistency)) wrong.push(`${first} to ${second}`)
    }
  }
  expect(wrong).toEqual([])
})

/** On which side each sibling stands from the subtree that both trees share upwards, and whether that is the older tree. */
const meeting = (first: number, second: number, from = 0, whole = true): string => {
  if (first === second) return whole ? 'whole' : 'shared'
  const middle = from + half(second - from)
  return first <= middle
    ? `${meeting(first, middle, from, whole)}R`
    : `${meeting(first, second, middle, false)}L`
}

test('other sizes prove no consistency, unless the trees meet in the same way', () => {
  const wrong: string[] = []
  for (let second = 2; second <= 40; second++) {
    for (let first = 1; first < second; first++) {
      const claim = consistencyOf(first, second)
      const meets = meeting(first, second)
      const same = (older: number, newer: number) =>
        older > 0 && older < newer && meeting(older, newer) === meets
      const firsts = neighbours(first).filter(
        (other) => verifyConsistency({ ...claim, first: BigInt(other) }) !== same(other, second),
      )
      const seconds = neighbours(second).filter(
        (other) => verifyConsistency({ ...claim, second: BigInt(other) }) !== same(first, other),
      )
      wrong.push(...[...firsts, ...seconds].map((other) => `${other} for ${first} to ${second}`))
    }
  }
  expect(wrong).toEqual([])
})

test.each([1, 2, 3])('changes of proofs from large trees prove nothing (seed %i)', (seed) => {
  const random = new Prng(seed)
  for (let round = 0; round < 400; round++) {
    const size = 2 + random.below(SIZE_MAX - 1)
    const index = random.below(size)
    const at = random.below(size)
    const bit = random.below(256)
    const inclusion = inclusionOf(index, size)
    const hash = random.below(inclusion.proof.length)
    const proof = withHash(inclusion.proof, hash, flipped(inclusion.proof[hash]!, bit))
    expect(verifyInclusion({ ...inclusion, proof })).toBe(false)
    expect(verifyInclusion({ ...inclusion, leaf: flipped(inclusion.leaf, bit) })).toBe(false)
    expect(verifyInclusion({ ...inclusion, root: flipped(inclusion.root, bit) })).toBe(false)
    expect(verifyInclusion({ ...inclusion, index: BigInt(at) })).toBe(at === index)

    const first = 1 + random.below(size - 1)
    const consistency = consistencyOf(first, size)
    const other = 1 + random.below(size - 1)
    expect(
      verifyConsistency({ ...consistency, firstRoot: flipped(consistency.firstRoot, bit) }),
    ).toBe(false)
    expect(
      verifyConsistency({ ...consistency, secondRoot: flipped(consistency.secondRoot, bit) }),
    ).toBe(false)
    expect(verifyConsistency({ ...consistency, firstRoot: tree.root(0, other) })).toBe(
      other === first,
    )
  }
})

test('indexes beyond 2^53 are exact', () => {
  // A tree of 2^60 leaves that are all the same: each level is one hash.
  const levels = [leaves[0]!]
  for (let level = 0; level < 60; level++) levels.push(nodeHash(levels[level]!, levels[level]!))
  const claim = { leaf: leaves[0]!, proof: levels.slice(0, 60), root: levels[60]! }
  const size = 2n ** 60n
  expect(verifyInclusion({ ...claim, size, index: 2n ** 59n + 1n })).toBe(true)
  expect(verifyInclusion({ ...claim, size, index: size - 1n })).toBe(true)
  expect(verifyInclusion({ ...claim, size, index: size })).toBe(false)
  expect(verifyInclusion({ ...claim, size: size + 1n, index: 1n })).toBe(false)
  expect(verifyInclusion({ ...claim, size, index: -1n })).toBe(false)
})
