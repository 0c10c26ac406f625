import fc from 'fast-check'
import { expect, test } from 'vitest'

import { allocate } from './allocate.ts'
import { U128_MAX } from './amount.ts'

const totals = fc.bigInt({ min: -U128_MAX, max: U128_MAX })
const weights = fc
  .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 20n })), { minLength: 1 })
  .filter((each) => each.some((weight) => weight > 0n))

const add = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n)

test.each([
  [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
  [100n, [1n, 2n], [33n, 67n]],
  [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  [2n, [0n, 1n, 0n, 1n, 1n], [0n, 1n, 0n, 1n, 0n]],
  [0n, [3n, 4n], [0n, 0n]],
  [7n, [5n], [7n]],
])('%i over %s is %s', (total, over, shares) => {
  expect(allocate(total, over)).toEqual(shares)
})

test('no unit is lost or made', () => {
  fc.assert(
    fc.property(totals, weights, (total, over) => {
      expect(add(allocate(total, over))).toBe(total)
    }),
  )
})

test('every share is its exact part, rounded up or down by less than a unit', () => {
  fc.assert(
    fc.property(totals, weights, (total, over) => {
      const sum = add(over)
      for (const [index, share] of allocate(total, over).entries()) {
        const error = share * sum - total * over[index]!
        expect(error > -sum && error < sum).toBe(true)
      }
    }),
  )
})

test('a weight of zero gets nothing', () => {
  fc.assert(
    fc.property(totals, weights, (total, over) => {
      const shares = allocate(total, over)
      expect(shares.filter((share, index) => over[index] === 0n && share !== 0n)).toEqual([])
    }),
  )
})

test('a refund takes back exactly what was given', () => {
  fc.assert(
    fc.property(totals, weights, (total, over) => {
      expect(allocate(-total, over)).toEqual(allocate(total, over).map((share) => -share))
    }),
  )
})

test('a larger weight never gets less', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: U128_MAX }), weights, (total, over) => {
      const shares = allocate(total, over)
      const pairs = shares.map((share, index) => ({ share, weight: over[index]! }))
      const wrong = pairs.filter((a) => pairs.some((b) => a.weight > b.weight && a.share < b.share))
      expect(wrong).toEqual([])
    }),
    { numRuns: 50 },
  )
})

test('without a weight above zero there is nobody to give to', () => {
  expect(() => allocate(1n, [])).toThrow('above zero')
  expect(() => allocate(1n, [0n])).toThrow('above zero')
  expect(() => allocate(1n, [2n, -1n])).toThrow('not negative')
})
