import { expect, test } from 'vitest'
import { freshSeed, Prng } from '@tallystick/testkit'
import { treeRoot } from '@tallystick/verify'

import { TileBroken } from './tile-source.ts'
import { HASH_SIZE, type TileId, tilePath } from './tile.ts'
import { type Tile, TiledTree } from './tiled-tree.ts'
import { VirtualTree } from './virtual-tree.fixture.ts'

const SEED = freshSeed()

const hex = (bytes: Uint8Array): string => bytes.toHex()

function randomHashes(prng: Prng, count: number): Uint8Array {
  return Uint8Array.from({ length: count * HASH_SIZE }, () => prng.below(256))
}

const split = (hashes: Uint8Array): Uint8Array[] =>
  Array.from({ length: hashes.length / HASH_SIZE }, (_, at) =>
    hashes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE),
  )

const edgeOf = (tree: TiledTree): string[] =>
  tree.edge().map((tile) => `${tilePath(tile)} ${hex(tile.hashes)}`)

/** What a server keeps: full tiles as they come, and the edge of every size at which it was asked to. */
class Store {
  readonly tiles = new Map<string, Uint8Array>()
  readonly put = (tile: Tile): void => {
    this.tiles.set(tilePath(tile), tile.hashes)
  }
  /** Every tile as a line. */
  listed(): string[] {
    return [...this.tiles].map(([path, hashes]) => `${path} ${hex(hashes)}`).toSorted()
  }
  readonly read = (level: number, index: bigint, width: number): Uint8Array => {
    const tile = this.tiles.get(tilePath({ level, index, width }))
    if (tile === undefined) throw new Error(`no ${tilePath({ level, index, width })}`)
    return tile
  }
}

test('every size up to 300 has the root and the tiles of the definition', () => {
  const virtual = new VirtualTree(Array.from({ length: 300 }, (_, index) => BigInt(index)))
  const store = new Store()
  const tree = new TiledTree(store.put)
  for (let size = 0n; size <= 300n; size++) {
    expect([size, tree.size, hex(tree.root())]).toEqual([size, size, hex(virtual.root(0n, size))])
    for (const { level, index, width, hashes } of tree.edge()) {
      expect(hex(hashes)).toEqual(hex(virtual.tile(level, index, width)))
    }
    tree.append(virtual.leaf(size))
  }
  expect([...store.tiles.keys()]).toEqual(['tile/0/000'])
  expect(hex(store.read(0, 0n, 256))).toEqual(hex(virtual.tile(0, 0n, 256)))
})

test(`leaves appended in any chunks make the same tree (seed ${SEED})`, () => {
  const prng = new Prng(SEED)
  const hashes = randomHashes(prng, 70_000)
  const [whole, parts] = [new Store(), new Store()]
  const one = new TiledTree(whole.put)
  one.append(hashes)
  const many = new TiledTree(parts.put)
  for (let at = 0; at < 70_000;) {
    const count = prng.pick([0, 1, 2, 3, prng.below(300), prng.below(3_000)])
    many.append(hashes.subarray(at * HASH_SIZE, (at + count) * HASH_SIZE))
    at += count
  }
  expect(many.size).toBe(70_000n)
  expect(many.root()).toEqual(one.root())
  expect(hex(many.root())).toEqual(hex(treeRoot(split(hashes))))
  expect(edgeOf(many)).toEqual(edgeOf(one))
  expect(many.edge().map((tile) => tilePath(tile))).toEqual([
    'tile/0/273.p/112',
    'tile/1/001.p/17',
    'tile/2/000.p/1',
  ])
  expect(parts.listed()).toEqual(whole.listed())
  expect(whole.tiles.size).toBe(274)
})

test(`a tree goes on from its tiles after a restart at any size (seed ${SEED})`, () => {
  const prng = new Prng(SEED)
  const sizes = [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792]
  for (let run = 0; run < 10; run++) sizes.push(prng.below(3_000), prng.below(70_000))
  const hashes = randomHashes(prng, 71_000)
  const store = new Store()
  let tree = new TiledTree(store.put)
  for (const size of sizes.sort((a, b) => a - b)) {
    tree.append(hashes.subarray(Number(tree.size) * HASH_SIZE, size * HASH_SIZE))
    for (const tile of tree.edge()) store.put(tile)
    const again = TiledTree.resume(BigInt(size), store.read, store.put)
    expect([size, hex(again.root())]).toEqual([size, hex(tree.root())])
    expect(edgeOf(again)).toEqual(edgeOf(tree))
    tree = again
  }
  tree.append(hashes.subarray(Number(tree.size) * HASH_SIZE))
  expect(hex(tree.root())).toEqual(hex(treeRoot(split(hashes))))
})

test('a restart reads the partial tiles of its size and nothing else', () => {
  const virtual = new VirtualTree([3n, 2n ** 40n + 70_000n])
  for (const [size, next] of [
    [2n ** 24n - 1n, 3],
    [2n ** 24n, 1],
    [2n ** 40n - 1n, 2],
    [2n ** 40n, 300],
    [2n ** 40n + 69_999n, 66_000],
    [2n ** 53n - 2n, 1],
  ] as const) {
    const read: TileId[] = []
    const tree = TiledTree.resume(
      size,
      (level, index, width) => {
        read.push({ level, index, width })
        return virtual.tile(level, index, width)
      },
      (tile) => {
        expect(hex(tile.hashes)).toEqual(hex(virtual.tile(tile.level, tile.index, tile.width)))
      },
    )
    expect(read).toEqual(tree.edge().map(({ level, index, width }) => ({ level, index, width })))
    for (let at = 0; at < next; at += 8_192) {
      const count = Math.min(8_192, next - at)
      const leaves = Array.from({ length: count }, (_, n) => virtual.leaf(size + BigInt(at + n)))
      tree.append(Buffer.concat(leaves))
    }
    expect(hex(tree.root())).toEqual(hex(virtual.root(0n, size + BigInt(next))))
  }
})

test('what is no row of hashes, too large or too short is refused', () => {
  const tree = new TiledTree(() => {})
  expect(() => tree.append(new Uint8Array(33))).toThrow(RangeError)
  expect(tree.size).toBe(0n)
  const full = TiledTree.resume(2n ** 53n - 1n, virtualTile, () => {})
  expect(() => full.append(new Uint8Array(32))).toThrow(RangeError)
  expect(() => TiledTree.resume(2n ** 53n, virtualTile, () => {})).toThrow(RangeError)
  expect(() => TiledTree.resume(-1n, virtualTile, () => {})).toThrow(RangeError)
  expect(() =>
    TiledTree.resume(
      2n,
      () => new Uint8Array(63),
      () => {},
    ),
  ).toThrow(TileBroken)
})

const virtualTile = (level: number, index: bigint, width: number): Uint8Array =>
  new VirtualTree([]).tile(level, index, width)
