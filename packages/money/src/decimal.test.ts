import fc from 'fast-check'
import { expect, test } from 'vitest'

import { U128_MAX } from './amount.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'

const scales = fc.integer({ min: 0, max: 30 })

test.each([
  ['12.34', 2, 1234n],
  ['12.3', 2, 1230n],
  ['12', 2, 1200n],
  ['0.05', 2, 5n],
  ['12.3400', 2, 1234n],
  ['12.000', 0, 12n],
  ['007.50', 2, 750n],
  ['-12.34', 2, -1234n],
  ['-0.00', 2, 0n],
  ['1.234', 3, 1234n],
])('%s at scale %i is %i minor units', (text, scale, minor) => {
  expect(parseDecimal(text, scale)).toBe(minor)
})

test.each([
  ['12.345', 2],
  ['0.1', 0],
  ['', 2],
  ['.5', 2],
  ['5.', 2],
  ['-', 2],
  ['+1', 2],
  ['--1', 2],
  ['1,000.00', 2],
  ['1.2.3', 2],
  ['1e2', 2],
  [' 1', 2],
  ['1\n', 2],
  ['NaN', 2],
  ['0'.repeat(129), 2],
  ['340282366920938463463374607431768211456', 0],
  ['3402823669209384634633746074317682114.56', 2],
])('%s at scale %i is refused', (text, scale) => {
  expect(parseDecimal(text, scale)).toBeUndefined()
})

test.each([
  [1234n, 2, '12.34'],
  [5n, 2, '0.05'],
  [0n, 2, '0.00'],
  [-5n, 2, '-0.05'],
  [-1234n, 0, '-1234'],
  [1n, 30, `0.${'0'.repeat(29)}1`],
])('%i minor units at scale %i are %s', (minor, scale, text) => {
  expect(formatDecimal(minor, scale)).toBe(text)
})

test('what is written is read as the same minor units', () => {
  const minors = fc.bigInt({ min: -U128_MAX, max: U128_MAX })
  fc.assert(
    fc.property(minors, scales, (minor, scale) => {
      expect(parseDecimal(formatDecimal(minor, scale), scale)).toBe(minor)
    }),
  )
})

test('zeros after the last digit change nothing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), scales, (minor, scale) => {
      const text = formatDecimal(minor, scale)
      expect(parseDecimal(`${text}${scale === 0 ? '.' : ''}000`, scale)).toBe(minor)
    }),
  )
})

test('a scale that no asset has is a bug of the caller', () => {
  for (const scale of [-1, 31, 1.5]) {
    expect(() => parseDecimal('1', scale)).toThrow('scale')
    expect(() => formatDecimal(1n, scale)).toThrow('scale')
  }
})
