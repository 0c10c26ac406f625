/**
 * The Merkle tree of RFC 9162, section 2.1, to which leaves are appended. It keeps in memory what the next leaf needs:
 * the right edge. Whatever became final goes to the sink as full tiles.
 */
import { hash } from 'node:crypto'

import { type BatchHasher, createHasher } from '../hash/batch-hasher.ts'
import { readTile, type TileSource } from './tile-source.ts'
import {
  HASH_SIZE,
  partialTiles,
  TILE_BYTES,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileId,
} from './tile.ts'

export interface Tile extends TileId {
  /** `width` hashes of 32 bytes. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/**
 * Takes each full tile once, in the order of its level: of those that one call of `append` filled, all of level 0 come
 * first. The bytes are the sink's to keep. What it throws leaves `append`, and the tree is of no use any more.
 */
export type TileSink = (tile: Tile) => void

/** Leaves that go through the hasher at a time: their hashes and nodes stay in the first-level cache. */
const CHUNK_LEAVES = 512
const CHUNK_BYTES = CHUNK_LEAVES * HASH_SIZE

export class TiledTree {
  readonly #sink: TileSink
  /** One slot of 32 bytes for the node from before, and then a chunk. */
  readonly #hasher: BatchHasher = createHasher(HASH_SIZE + CHUNK_BYTES)
  #size = 0
  /** The rightmost tile of each level. */
  readonly #edge: Uint8Array<ArrayBuffer>[] = []
  /** Of the node of each height that has no sibling yet: it is there where the size has the bit. */
  readonly #roots: Uint8Array[] = []

  /** An empty tree. */
  constructor(sink: TileSink) {
    this.#sink = sink
  }

  /** The tree of `size` leaves, from the partial tiles of that size. @throws TileBroken */
  static resume(size: bigint, source: TileSource, sink: TileSink): TiledTree {
    const tree = new TiledTree(sink)
    tree.#size = safeSize(size)
    for (const id of partialTiles(size)) tree.#restore(id, readTile(source, id))
    return tree
  }

  /** Leaves. */
  get size(): bigint {
    return BigInt(this.#size)
  }

  /** @param hashes of the next leaves, 32 bytes each; none is allowed. */
  append(hashes: Uint8Array): void {
    if (hashes.length % HASH_SIZE !== 0) {
      throw new RangeError(`Leaf hashes have 32 bytes each: ${hashes.length} bytes are not whole.`)
    }
    safeSize(BigInt(this.#size) + BigInt(hashes.length / HASH_SIZE))
    for (let at = 0; at < hashes.length; at += CHUNK_BYTES) {
      this.#appendChunk(hashes.subarray(at, at + CHUNK_BYTES))
    }
  }

  /** The root at the present size, 32 bytes; of the empty tree SHA-256 of nothing. */
  root(): Uint8Array {
    if (this.#size === 0) return hash('sha256', '', 'buffer')
    const { u8 } = this.#hasher
    let isFirst = true
    for (let [height, nodes] = [0, this.#size]; nodes > 0; height++, nodes = half(nodes)) {
      if (nodes % 2 === 0) continue
      u8.set(this.#root(height), isFirst ? HASH_SIZE : 0)
      if (!isFirst) this.#hasher.hashNodes({ source: 0, count: 1, target: HASH_SIZE })
      isFirst = false
    }
    return u8.slice(HASH_SIZE, 2 * HASH_SIZE)
  }

  /** The partial tiles of the present size, copied, the lowest level first. */
  edge(): Tile[] {
    return partialTiles(this.size).map((id) => ({
      ...id,
      hashes: this.#edgeOf(id.level).slice(0, id.width * HASH_SIZE),
    }))
  }

  /** Height by height: two nodes make one of the next height, and an odd one waits for its sibling. */
  #appendChunk(chunk: Uint8Array): void {
    const { u8 } = this.#hasher
    let count = chunk.length / HASH_SIZE
    let before = this.#size
    u8.set(chunk, HASH_SIZE)
    this.#size += count
    for (let height = 0; count > 0; height++) {
      if (height % TILE_HEIGHT === 0) {
        this.#addToTiles(
          height / TILE_HEIGHT,
          before,
          u8.subarray(HASH_SIZE, (count + 1) * HASH_SIZE),
        )
      }
      const isOdd = before % 2 === 1
      if (isOdd) u8.set(this.#root(height), 0)
      const source = isOdd ? 0 : HASH_SIZE
      const nodes = isOdd ? count + 1 : count
      if (nodes % 2 === 1) {
        const last = source + (nodes - 1) * HASH_SIZE
        this.#root(height).set(u8.subarray(last, last + HASH_SIZE))
      }
      count = half(nodes)
      before = half(before)
      this.#hasher.hashNodes({ source, count, target: HASH_SIZE })
    }
  }

  /** @param before nodes that the level had before these. */
  #addToTiles(level: number, before: number, nodes: Uint8Array): void {
    for (let from = 0; from < nodes.length;) {
      const index = Math.floor((before + from / HASH_SIZE) / TILE_WIDTH)
      const at = ((before + from / HASH_SIZE) % TILE_WIDTH) * HASH_SIZE
      const part = nodes.subarray(from, from + TILE_BYTES - at)
      const hashes = this.#edgeOf(level)
      hashes.set(part, at)
      from += part.length
      if (at + part.length < TILE_BYTES) continue
      this.#edge[level] = new Uint8Array(TILE_BYTES)
      this.#sink({ level, index: BigInt(index), width: TILE_WIDTH, hashes })
    }
  }

  /** The nodes without sibling above a partial tile are those of the bits of its width. */
  #restore({ level, width }: TileId, hashes: Uint8Array): void {
    this.#edgeOf(level).set(hashes)
    const { u8 } = this.#hasher
    u8.set(hashes)
    for (let [height, nodes] = [level * TILE_HEIGHT, width]; nodes > 0; height++) {
      if (nodes % 2 === 1) {
        this.#root(height).set(u8.subarray((nodes - 1) * HASH_SIZE, nodes * HASH_SIZE))
      }
      nodes = half(nodes)
      this.#hasher.hashNodes({ source: 0, count: nodes, target: 0 })
    }
  }

  #edgeOf(level: number): Uint8Array<ArrayBuffer> {
    return (this.#edge[level] ??= new Uint8Array(TILE_BYTES))
  }

  #root(height: number): Uint8Array {
    return (this.#roots[height] ??= new Uint8Array(HASH_SIZE))
  }
}

const half = (count: number): number => Math.floor(count / 2)

function safeSize(size: bigint): number {
  if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`A tree has 0 … 2^53 − 1 leaves, not ${size}.`)
  }
  return Number(size)
}
