import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ENTRY_WORDS } from './limits.ts'
import { compareKeys, EntryKind, Rows } from './rows.ts'
import { sortRows } from './sort-rows.ts'

const u128 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })
/** Keys that share beginnings of many lengths, and many equal ones. */
const crowded = fc.oneof(
  u128,
  fc.nat(300).map((n) => BigInt(n)),
  fc
    .tuple(fc.nat(3), fc.nat(127))
    .map(([n, shift]) => BigInt.asUintN(128, BigInt(n) << BigInt(shift))),
)

function rowsOf(keys: readonly bigint[]): Rows {
  const rows = new Rows()
  const limbs = new BigUint64Array(2)
  const words = new Uint32Array(limbs.buffer)
  keys.forEach((key, index) => {
    limbs[0] = BigInt.asUintN(64, key)
    limbs[1] = key >> 64n
    rows.add(words, 0, EntryKind.transfer, index + 1)
  })
  return rows
}

function expectSorted(keys: readonly bigint[]): void {
  const rows = rowsOf(keys)
  const { words, order } = sortRows(rows)
  const sequences = [...(order ?? keys.keys())].map((row) => words[row * ENTRY_WORDS + 4])
  const wanted = keys
    .map((key, index) => ({ key, index }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index))
  expect(sequences).toEqual(wanted.map(({ index }) => index + 1))
}

test('rows come in order of key, equal ones in their own order', () => {
  fc.assert(fc.property(fc.array(crowded, { maxLength: 400 }), expectSorted))
})

test('keys that crowd behind one far key are sorted in a few rounds', () => {
  const keys = Array.from({ length: 3_000 }, (_, i) => (BigInt(i) * 7_919n) % 3_001n)
  expectSorted([1n << 127n, ...keys, 1n << 90n, ...keys.map((key) => key << 40n)])
})

test('more rows than lie near each other are sorted as well', () => {
  for (const shift of [0n, 31n, 77n, 90n]) {
    const spread = (i: number): bigint =>
      ((BigInt(i) * 0x9e37_79b9_7f4a_7c15n) % (1n << 38n)) << shift
    expectSorted(Array.from({ length: 70_000 }, (_, i) => spread(i % 69_000)))
  }
})

test('keys compare as numbers', () => {
  fc.assert(
    fc.property(u128, u128, (a, b) => {
      const { words } = rowsOf([a, b])
      expect(Math.sign(compareKeys(words, 0, words, 6))).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
  )
})
