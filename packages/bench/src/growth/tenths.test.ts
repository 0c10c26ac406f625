import { expect, test } from 'vitest'
import { tenths } from './tenths.ts'

test('each tenth has its own rate', () => {
  // Two requests a tenth; the last two take ten times as long.
  const even = Array.from({ length: 18 }, (_, index) => (index + 1) * 10)
  const rates = tenths(Float64Array.from([...even, 280, 380]), 100)
  expect(rates).toEqual([...Array.from({ length: 9 }, () => 10_000), 1_000])
})

test('fewer requests than tenths have no tenths', () => {
  expect(() => tenths(Float64Array.of(1, 2), 1)).toThrow('at least one request')
})
