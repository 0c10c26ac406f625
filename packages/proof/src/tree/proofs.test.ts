import { expect, test } from 'vitest'
import { freshSeed, Prng } from '@tallystick/testkit'
import { verifyConsistency, verifyInclusion } from '@tallystick/verify'

import {
  computeProof,
  consistencyProof,
  fetchProof,
  inclusionProof,
  planConsistency,
  planInclusion,
  planRoot,
  type ProofPlan,
  rootFromTiles,
} from './proofs.ts'
import { cachedTiles, TileBroken, type TileSource } from './tile-source.ts'
import { tileWidth } from './tile.ts'
import { nodeOf, VirtualTree } from './virtual-tree.fixture.ts'

const SEED = freshSeed()

/** Only gives tiles that a log of `size` leaves has, in the width that it has. */
function strictly(virtual: VirtualTree, size: bigint): TileSource {
  return (level, index, width) => {
    expect(width).toBe(tileWidth(level, index, size))
    return virtual.tile(level, index, width)
  }
}

const hexes = (hashes: readonly Uint8Array[]): string =>
  hashes.map((hash) => hash.toHex()).join(' ')

const zeros: TileSource = () => new Uint8Array(8_192)

/** What a plan comes to, with the roots of its subtrees taken from the definition: fast enough for all there are. */
function evaluate(plan: ProofPlan, virtual: VirtualTree): Uint8Array[] {
  return plan.hashes.map((subtrees) =>
    subtrees
      .map(({ tile, from, count }) => {
        const { level, index, width } = plan.tiles[tile]!
        if (from + count > width) throw new Error('not in the tile')
        const leaves = 256n ** BigInt(level)
        const start = (index * 256n + BigInt(from)) * leaves
        return virtual.root(start, start + leaves * BigInt(count))
      })
      .reduceRight((right, left) => nodeOf(left, right)),
  )
}

test('for every size up to 300 the proof of every leaf is that of RFC 9162', () => {
  const virtual = new VirtualTree(Array.from({ length: 300 }, (_, index) => BigInt(index)))
  const wrong: [bigint, bigint][] = []
  for (let size = 1n; size <= 300n; size++) {
    for (let index = 0n; index < size; index++) {
      const proof = evaluate(planInclusion(index, size), virtual)
      if (hexes(proof) !== hexes(virtual.path(index, 0n, size))) wrong.push([index, size])
    }
  }
  expect(wrong).toEqual([])
})

test('for every two sizes up to 300 the proof of consistency is that of RFC 9162', () => {
  const virtual = new VirtualTree(Array.from({ length: 300 }, (_, index) => BigInt(index)))
  const wrong: [bigint, bigint][] = []
  for (let second = 0n; second <= 300n; second++) {
    expect(planConsistency(0n, second).hashes).toEqual([])
    for (let first = 1n; first <= second; first++) {
      const proof = evaluate(planConsistency(first, second), virtual)
      if (hexes(proof) !== hexes(virtual.subproof(first, 0n, second))) wrong.push([first, second])
    }
  }
  expect(wrong).toEqual([])
})

test(`proofs are computed from the tiles alone (seed ${SEED})`, () => {
  const prng = new Prng(SEED)
  const virtual = new VirtualTree(Array.from({ length: 300 }, (_, index) => BigInt(index)))
  for (let size = 1n; size <= 300n; size++) {
    const source = cachedTiles(strictly(virtual, size), 4)
    const index = BigInt(prng.below(Number(size)))
    const proofs = [
      [rootFromTiles(source, size)],
      inclusionProof(source, index, size),
      consistencyProof(source, index + 1n, size),
    ]
    expect({ size, index, proofs: proofs.map(hexes) }).toEqual({
      size,
      index,
      proofs: [
        [virtual.root(0n, size)],
        virtual.path(index, 0n, size),
        virtual.subproof(index + 1n, 0n, size),
      ].map(hexes),
    })
  }
})

/** Sizes about which a tree grows by a level, or a tile becomes full. */
function sizesAround(prng: Prng): bigint[] {
  const edges = [2n ** 8n, 2n ** 16n, 2n ** 24n, 2n ** 40n]
  const near = edges.flatMap((edge) => [edge - 1n, edge, edge + 1n])
  const behind = edges.map((edge) => edge + (prng.u64() % edge))
  return [...near, ...behind]
}

test(`the verifier accepts the proofs of large trees (seed ${SEED})`, () => {
  const prng = new Prng(SEED)
  for (const size of sizesAround(prng)) {
    const some = Array.from({ length: 4 }, () => prng.u64() % size)
    const indexes = [0n, size / 2n, size - 1n, ...some]
    const virtual = new VirtualTree(indexes)
    const source = strictly(virtual, size)
    const root = virtual.root(0n, size)
    const levels = Math.ceil(size.toString(2).length / 8)
    for (const index of indexes) {
      const proof = inclusionProof(source, index, size)
      const leaf = virtual.leaf(index)
      const seen = { size, index, holds: verifyInclusion({ index, size, leaf, proof, root }) }
      expect(seen).toEqual({ size, index, holds: true })
      expect(planInclusion(index, size).tiles.length).toBeLessThanOrEqual(2 * levels)
      const first = index + 1n
      const firstRoot = virtual.root(0n, first)
      const path = consistencyProof(source, first, size)
      const claim = { first, second: size, firstRoot, secondRoot: root, proof: path }
      expect({ size, first, holds: verifyConsistency(claim) }).toEqual({ size, first, holds: true })
      expect(planConsistency(first, size).tiles.length).toBeLessThanOrEqual(2 * levels)
    }
    expect(rootFromTiles(source, size).toHex()).toBe(root.toHex())
  }
})

test('a proof from fetched tiles is the same', async () => {
  const virtual = new VirtualTree([5n, 70_000n])
  const asked: string[] = []
  const plan = planInclusion(70_000n, 100_000n)
  const proof = await fetchProof(async (level, index, width) => {
    asked.push(`${level}/${index}/${width}`)
    return virtual.tile(level, index, width)
  }, plan)
  expect(hexes(proof)).toBe(hexes(virtual.path(70_000n, 0n, 100_000n)))
  expect(asked).toEqual(['0/273/256', '1/1/134', '0/390/160', '2/0/1'])
})

test('a wider tile stands for a partial one, a shorter one is refused', async () => {
  const virtual = new VirtualTree([5n])
  const full: TileSource = (level, index) => virtual.tile(level, index, 256)
  expect(hexes(inclusionProof(full, 5n, 77n))).toBe(hexes(virtual.path(5n, 0n, 77n)))
  const short: TileSource = (level, index, width) => virtual.tile(level, index, width - 1)
  expect(() => inclusionProof(short, 5n, 77n)).toThrow(TileBroken)
  const far = async (level: number, index: bigint, width: number): Promise<Uint8Array> =>
    short(level, index, width)
  await expect(fetchProof(far, planRoot(77n))).rejects.toThrow(TileBroken)
})

test('what a tree does not have is refused', () => {
  expect(() => inclusionProof(zeros, 3n, 3n)).toThrow(RangeError)
  expect(() => inclusionProof(zeros, -1n, 3n)).toThrow(RangeError)
  expect(() => consistencyProof(zeros, 4n, 3n)).toThrow(RangeError)
  expect(() => consistencyProof(zeros, -1n, 3n)).toThrow(RangeError)
  expect(() => planRoot(0n)).toThrow(RangeError)
  expect(computeProof(planInclusion(0n, 1n), [])).toEqual([])
  expect(rootFromTiles(zeros, 0n).toHex()).toBe(new VirtualTree([]).root(0n, 0n).toHex())
})

test('a cache keeps as many tiles as it may, and the ones that were asked for last', () => {
  const asked: bigint[] = []
  const source = cachedTiles((_, index, width) => {
    asked.push(index)
    return new Uint8Array(width * 32)
  }, 2)
  for (const index of [1n, 2n, 1n, 3n, 1n, 2n]) source(0, index, 256)
  expect(asked).toEqual([1n, 2n, 3n, 2n])
  source(0, 9n, 10)
  source(0, 9n, 8)
  expect(asked.slice(4)).toEqual([9n])
  expect(source(0, 9n, 11).length).toBe(11 * 32)
  expect(asked.slice(4)).toEqual([9n, 9n])
})
