import { expect, test } from 'vitest'

import {
  readEntryBundle,
  readHashTile,
  tilePath,
  type TilePlace,
  type TileSource,
  tileWidth,
} from './tiles.ts'

test.each<[string, TilePlace]>([
  ['tile/0/000', { level: 0, index: 0n, width: 256 }],
  ['tile/entries/004.p/210', { level: 'entries', index: 4n, width: 210 }],
  ['tile/1/999', { level: 1, index: 999n, width: 256 }],
  ['tile/1/x001/000', { level: 1, index: 1000n, width: 256 }],
  ['tile/2/x001/x234/067.p/1', { level: 2, index: 1_234_067n, width: 1 }],
])('the path %s', (path, place) => expect(tilePath(place)).toBe(path))

const widths = (level: number, ...indexes: bigint[]) =>
  indexes.map((index) => tileWidth(level, index, 70_000n))

test('the tiles of 70,000 entries are those of the specification', () => {
  expect(widths(0, 0n, 272n, 273n, 274n)).toEqual([256, 256, 112, 0])
  expect(widths(1, 0n, 1n, 2n)).toEqual([256, 17, 0])
  expect(widths(2, 0n, 1n)).toEqual([1, 0])
  expect(widths(3, 0n)).toEqual([0])
  expect([tileWidth(0, 0n, 256n), tileWidth(0, 1n, 256n), tileWidth(1, 0n, 256n)]).toEqual([
    256, 0, 1,
  ])
})

const sourceOf = (files: Record<string, Uint8Array>): TileSource => ({
  read: (path) => Promise.resolve(files[path]),
})
const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => at)

test('a partial tile may be replaced by the full one', async () => {
  const full = bytes(8192)
  const place = { level: 0, index: 0n, width: 3 }
  const hashes = await readHashTile(sourceOf({ 'tile/0/000': full }), place)
  expect(hashes).toEqual([full.subarray(0, 32), full.subarray(32, 64), full.subarray(64, 96)])
})

test('a tile that is missing or has another length is named', async () => {
  const place = { level: 0, index: 0n, width: 3 }
  const read = (files: Record<string, Uint8Array>) => readHashTile(sourceOf(files), place)
  await expect(read({})).rejects.toThrow('tile/0/000.p/3 is missing')
  await expect(read({ 'tile/0/000.p/3': bytes(95) })).rejects.toThrow(
    'tile/0/000.p/3 has 95 bytes, but 3 hashes have 96',
  )
  await expect(read({ 'tile/0/000': bytes(96) })).rejects.toThrow(
    'tile/0/000 has 96 bytes, but 256 hashes have 8192',
  )
})

test('a bundle is read entry by entry, to its end', async () => {
  const path = 'tile/entries/000.p/2'
  const read = (file: Uint8Array) =>
    readEntryBundle(sourceOf({ [path]: file }), { index: 0n, width: 2 })
  expect(await read(Uint8Array.of(0, 1, 9, 0, 0))).toEqual([Uint8Array.of(9), new Uint8Array()])
  await expect(read(Uint8Array.of(0, 1, 9))).rejects.toThrow(
    `${path} ends in the middle of entry 2`,
  )
  await expect(read(Uint8Array.of(0, 1, 9, 0))).rejects.toThrow('in the middle of entry 2')
  await expect(read(Uint8Array.of(0, 1, 9, 0, 2, 1))).rejects.toThrow('in the middle of entry 2')
  await expect(read(Uint8Array.of(0, 0, 0, 0, 7))).rejects.toThrow(
    'has 1 bytes after its 2 entries',
  )
})
