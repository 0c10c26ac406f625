import { expect, test } from 'vitest'
import { median, Percentiles } from './percentiles.ts'

test('a percentile is the smallest sample that so many per cent do not exceed', () => {
  const hundred = Percentiles.of(Array.from({ length: 100 }, (_, index) => 100 - index))
  expect([1, 50, 99, 99.5, 100].map((percent) => hundred.at(percent))).toEqual([
    1, 50, 99, 100, 100,
  ])
})

test('of one sample, all percentiles are that sample', () => {
  const one = Percentiles.of([7])
  expect([one.at(0.1), one.at(50), one.max]).toEqual([7, 7, 7])
})

test('samples are ordered as numbers, not as text', () => {
  expect(Percentiles.of([10, 9, 100]).at(50)).toBe(10)
})

test('stretches are merged before they are ranked', () => {
  const merged = Percentiles.merged([
    Float64Array.of(5, 1),
    new Float64Array(0),
    Float64Array.of(3),
  ])
  expect([merged.count, merged.at(50), merged.max]).toEqual([3, 3, 5])
})

test('the median of an even number of values is one of them', () => {
  expect(median([4, 1, 3, 2])).toBe(2)
})

test('there is no percentile of nothing, and none outside of 0 to 100', () => {
  expect(() => Percentiles.of([]).at(50)).toThrow('sample')
  expect(() => Percentiles.of([1]).at(0)).toThrow('percentile')
})
