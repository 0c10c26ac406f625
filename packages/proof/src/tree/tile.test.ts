import { expect, test } from 'vitest'

import { parseTilePath, partialTiles, tilePath, tileWidth } from './tile.ts'

test('paths are those of tlog-tiles', () => {
  for (const [level, index, width, path] of [
    [0, 0n, 256, 'tile/0/000'],
    [0, 1_234_067n, 256, 'tile/0/x001/x234/067'],
    [1, 999n, 1, 'tile/1/999.p/1'],
    [63, 1_000n, 255, 'tile/63/x001/000.p/255'],
    ['entries', 67n, 12, 'tile/entries/067.p/12'],
    [2, 2n ** 56n - 1n, 256, 'tile/2/x072/x057/x594/x037/x927/935'],
  ] as const) {
    expect(tilePath({ level, index, width })).toBe(path)
    expect(parseTilePath(path)).toEqual({ level, index, width })
  }
})

test('a path has one spelling', () => {
  for (const path of [
    '/tile/0/000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/1000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/entry/000',
    `tile/0/${'x999/'.repeat(7)}999`,
    '',
  ]) {
    expect(parseTilePath(path)).toBe(undefined)
  }
})

test('a tree of 70,000 has the tiles of the example in tlog-tiles', () => {
  expect(partialTiles(70_000n)).toEqual([
    { level: 0, index: 273n, width: 112 },
    { level: 1, index: 1n, width: 17 },
    { level: 2, index: 0n, width: 1 },
  ])
  expect(partialTiles(256n)).toEqual([{ level: 1, index: 0n, width: 1 }])
  expect(partialTiles(0n)).toEqual([])
  expect(tileWidth(0, 272n, 70_000n)).toBe(256)
  expect(tileWidth(0, 273n, 70_000n)).toBe(112)
  expect(tileWidth(0, 274n, 70_000n)).toBe(0)
  expect(tileWidth(1, 0n, 70_000n)).toBe(256)
})
