import fc from 'fast-check'
import { expect, test } from 'vitest'

import { comeInOrder } from './id-order.ts'
import { BEHIND_SHARE } from './limits.ts'
import { EntryKind, Rows } from './rows.ts'

function wordsOf(key: bigint): Uint32Array {
  return new Uint32Array(BigUint64Array.of(BigInt.asUintN(64, key), key >> 64n).buffer)
}

function inOrder(keys: readonly bigint[], older = 0n): boolean {
  const rows = new Rows()
  keys.forEach((key, index) => rows.add(wordsOf(key), 0, EntryKind.transfer, index + 1))
  return comeInOrder(rows, wordsOf(older))
}

const u128 = fc.bigInt({ min: 1n, max: (1n << 128n) - 1n })

test('keys that rise are in order, unless older ones lie beyond them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(u128, { minLength: 4, maxLength: 300 }), (keys) => {
      const rising = keys.toSorted((a, b) => (a < b ? -1 : 1))
      expect(inOrder(rising)).toBe(true)
      expect(inOrder(rising.slice(1), rising[0])).toBe(true)
      expect(inOrder(rising, rising.at(-1))).toBe(false)
      expect(inOrder(rising.toReversed())).toBe(false)
    }),
  )
})

/** Spreads numbers over 128 bits. */
const at = (n: number): bigint =>
  (BigInt(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) & ((1n << 128n) - 1n)

test('keys at random are not in order', () => {
  expect(inOrder(Array.from({ length: 1_000 }, (_, n) => at(n)))).toBe(false)
})

test('clocks that differ a little, and one late id in many, leave them in order', () => {
  const count = BEHIND_SHARE * 20
  // Neighbours change places, as ids of several clients do.
  const mixed = Array.from({ length: count }, (_, n) => BigInt((n ^ 7) + 100) << 80n)
  expect(inOrder(mixed)).toBe(true)
  const late = mixed.map((key, n) => (n % (BEHIND_SHARE * 2) === 1 ? 1n + BigInt(n) : key))
  expect(inOrder(late)).toBe(true)
  const oftenLate = mixed.map((key, n) => (n % (BEHIND_SHARE / 2) === 1 ? 1n + BigInt(n) : key))
  expect(inOrder(oftenLate)).toBe(false)
})
