import { expect, test } from 'vitest'

import { packLeaf } from './event.fixture.ts'
import { TestLog } from './log.fixture.ts'
import { verifyConsistency } from './merkle.ts'
import { TileTree } from './tile-tree.ts'

const leaf = packLeaf({})
/** Leaves that differ in two bytes, cheaply. */
const leaves = Array.from({ length: 66_000 }, (_, at) => leaf.with(20, at & 255).with(21, at >> 8))

test.each([1, 2, 3, 255, 257, 512, 600])(
  'tiles of %i leaves give the root and every proof of consistency',
  async (size) => {
    const log = new TestLog(leaves.slice(0, size))
    const tree = new TileTree(log.source, BigInt(size))
    for (let first = 1; first <= size; first++) {
      expect(await tree.root(BigInt(first))).toEqual(log.root(first))
      expect(await tree.consistency(BigInt(first))).toEqual(log.tree.consistency(first, size))
    }
  },
)

test('tiles of three levels', async () => {
  const log = new TestLog(leaves)
  const tree = new TileTree(log.source, 66_000n)
  const reads: string[] = []
  const counting = {
    read: (path: string) => {
      reads.push(path)
      return log.source.read(path)
    },
  }
  const secondRoot = await tree.root(66_000n)
  expect(secondRoot).toEqual(log.root())
  for (const first of [1, 255, 256, 65_535, 65_536, 65_537, 65_999]) {
    const proof = await tree.consistency(BigInt(first))
    expect(proof).toEqual(log.tree.consistency(first, 66_000))
    const sizes = { first: BigInt(first), second: 66_000n }
    expect(verifyConsistency({ ...sizes, firstRoot: log.root(first), secondRoot, proof })).toBe(
      true,
    )
  }
  await new TileTree(counting, 66_000n).consistency(65_537n)
  expect(reads.sort()).toEqual(['tile/0/256', 'tile/0/257.p/208', 'tile/2/000.p/1'])
})
