import fc from 'fast-check'
import { expect, test } from 'vitest'

import { formatAmount, parseAmount, U128_MAX } from './amount.ts'

test('every amount has one text, and that text means the amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: U128_MAX }), (amount) => {
      expect(parseAmount(formatAmount(amount))).toBe(amount)
    }),
  )
})

test('the largest amount is 2^128 - 1', () => {
  expect(parseAmount('340282366920938463463374607431768211455')).toBe(U128_MAX)
  expect(parseAmount('340282366920938463463374607431768211456')).toBeUndefined()
  expect(parseAmount('9'.repeat(39))).toBeUndefined()
  expect(parseAmount(`1${'0'.repeat(39)}`)).toBeUndefined()
})

test.each(['', '00', '01', '-1', '+1', '1.0', '1e3', '0x10', ' 1', '1 ', '1\n', '1_000', '١'])(
  '%j is not an amount',
  (text) => {
    expect(parseAmount(text)).toBeUndefined()
  },
)

test('what is not an amount has no text', () => {
  expect(() => formatAmount(-1n)).toThrow('amount')
  expect(() => formatAmount(U128_MAX + 1n)).toThrow('amount')
})
