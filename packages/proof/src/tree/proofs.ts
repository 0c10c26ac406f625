/**
 * Inclusion and consistency proofs (RFC 9162, section 2.1) from tiles. A plan says which tiles a proof needs; with these,
 * wherever they came from, the proof is computed.
 */
import { hash } from 'node:crypto'

import { type BatchHasher, createHasher } from '../hash/batch-hasher.ts'
import { fetchTile, readTile, type RemoteTileSource, type TileSource } from './tile-source.ts'
import { HASH_SIZE, TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, type TileId, tileWidth } from './tile.ts'

export interface ProofPlan {
  /** The tiles that are needed, each once: at most two for each level of tiles. */
  readonly tiles: readonly TileId[]
  /** The hashes of the proof, in order. Each is the root over a few whole subtrees, the largest first. */
  readonly hashes: readonly (readonly Subtree[])[]
}

/** A whole subtree: the root over contiguous hashes of a tile, their number a power of two. */
interface Subtree {
  /** Index in the plan's tiles. */
  readonly tile: number
  readonly from: number
  readonly count: number
}

/** Leaves `start` … `end` − 1. */
interface Range {
  readonly start: bigint
  readonly end: bigint
}

/** For the leaf at `index` in the tree of `size` leaves (RFC 9162, 2.1.3.1). @throws RangeError */
export function planInclusion(index: bigint, size: bigint): ProofPlan {
  if (index < 0n || index >= size) {
    throw new RangeError(`There is no leaf ${index} in a tree of ${size} leaves.`)
  }
  const siblings: Range[] = []
  let [start, end] = [0n, size]
  while (end - start > 1n) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      siblings.push({ start: middle, end })
      end = middle
    } else {
      siblings.push({ start, end: middle })
      start = middle
    }
  }
  return planRanges(siblings.reverse(), size)
}

/**
 * That the tree of `second` leaves begins with that of `first` (RFC 9162, 2.1.4.1). Empty when they are equal, or the first one is
 * empty. @throws RangeError
 */
export function planConsistency(first: bigint, second: bigint): ProofPlan {
  if (first < 0n || first > second) {
    throw new RangeError(`A tree of ${second} leaves does not begin with one of ${first}.`)
  }
  const ranges: Range[] = []
  if (first === 0n || first === second) return planRanges(ranges, second)
  let [start, end] = [0n, second]
  while (end !== first) {
    const middle = start + splitOf(end - start)
    if (first <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  // Whoever checks has the older root already, and it is this one when nothing stands before it.
  if (start > 0n) ranges.push({ start, end })
  return planRanges(ranges.reverse(), second)
}

/** The root of the tree of `size` leaves, as the only hash of its plan. @throws RangeError of the empty tree */
export function planRoot(size: bigint): ProofPlan {
  if (size <= 0n) throw new RangeError(`A tree of ${size} leaves has no tiles.`)
  return planRanges([{ start: 0n, end: size }], size)
}

/** @param tiles the bytes of the plan's tiles, in its order. @returns hashes of 32 bytes each. */
export function computeProof(plan: ProofPlan, tiles: readonly Uint8Array[]): Uint8Array[] {
  const hasher = sharedHasher()
  return plan.hashes.map((subtrees) => {
    const roots = subtrees.map(({ tile, from, count }) =>
      subtreeRoot(hasher, tiles[tile] as Uint8Array, from, count),
    )
    return roots.reduceRight((right, left) => joined(hasher, left, right))
  })
}

/** @returns hashes of 32 bytes each. @throws RangeError, TileBroken, and what the source throws */
export function inclusionProof(source: TileSource, index: bigint, size: bigint): Uint8Array[] {
  return proofFrom(source, planInclusion(index, size))
}

/** @returns hashes of 32 bytes each. @throws RangeError, TileBroken, and what the source throws */
export function consistencyProof(source: TileSource, first: bigint, second: bigint): Uint8Array[] {
  return proofFrom(source, planConsistency(first, second))
}

/** The root of a tree of `size` leaves, 32 bytes. @throws TileBroken, and what the source throws */
export function rootFromTiles(source: TileSource, size: bigint): Uint8Array {
  if (size === 0n) return hash('sha256', '', 'buffer')
  return proofFrom(source, planRoot(size))[0] as Uint8Array
}

/** The root over all hashes of a full tile, 8,192 bytes: the hash that the level above has of it. */
export function tileHash(tile: Uint8Array): Uint8Array {
  return subtreeRoot(sharedHasher(), tile, 0, TILE_WIDTH)
}

/** Fetches all the tiles at once. @throws TileBroken, and what the source throws */
export async function fetchProof(source: RemoteTileSource, plan: ProofPlan): Promise<Uint8Array[]> {
  return computeProof(plan, await Promise.all(plan.tiles.map((id) => fetchTile(source, id))))
}

function proofFrom(source: TileSource, plan: ProofPlan): Uint8Array[] {
  return computeProof(
    plan,
    plan.tiles.map((id) => readTile(source, id)),
  )
}

/** The largest power of two below `leaves`, which are 2 at least: where RFC 9162 divides a tree. */
function splitOf(leaves: bigint): bigint {
  return 1n << BigInt(bitsOf(leaves - 1n) - 1)
}

function bitsOf(number: bigint): number {
  return number.toString(2).length
}

function planRanges(ranges: readonly Range[], size: bigint): ProofPlan {
  const tiles: TileId[] = []
  const places = new Map<string, number>()
  const tileOf = (level: number, index: bigint): number => {
    const key = `${level}/${index}`
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, tiles.length)
    return tiles.push({ level, index, width: tileWidth(level, index, size) }) - 1
  }
  const hashes = ranges.map((range) =>
    wholeSubtrees(range).map(({ height, index }) => {
      const level = Math.floor(height / TILE_HEIGHT)
      const count = 2 ** (height % TILE_HEIGHT)
      const first = index * BigInt(count)
      const tile = tileOf(level, first / BigInt(TILE_WIDTH))
      return { tile, from: Number(first % BigInt(TILE_WIDTH)), count }
    }),
  )
  return { tiles, hashes }
}

/** Every range begins where a subtree of its size begins, so its bits say into which whole ones it falls. */
function wholeSubtrees({ start, end }: Range): { height: number; index: bigint }[] {
  const subtrees: { height: number; index: bigint }[] = []
  for (let at = start; at < end;) {
    const height = bitsOf(end - at) - 1
    subtrees.push({ height, index: at >> BigInt(height) })
    at += 1n << BigInt(height)
  }
  return subtrees
}

function subtreeRoot(
  hasher: BatchHasher,
  tile: Uint8Array,
  from: number,
  count: number,
): Uint8Array {
  hasher.u8.set(tile.subarray(from * HASH_SIZE, (from + count) * HASH_SIZE))
  for (let nodes = count; nodes > 1; nodes /= 2) {
    hasher.hashNodes({ source: 0, count: nodes / 2, target: 0 })
  }
  return hasher.u8.slice(0, HASH_SIZE)
}

function joined(hasher: BatchHasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  hasher.u8.set(left)
  hasher.u8.set(right, HASH_SIZE)
  hasher.hashNodes({ source: 0, count: 1, target: 0 })
  return hasher.u8.slice(0, HASH_SIZE)
}

let shared: BatchHasher | undefined

/** Nothing waits between writing its memory and reading the result, so that one serves everybody. */
function sharedHasher(): BatchHasher {
  return (shared ??= createHasher(TILE_BYTES))
}
