import { expect, test } from 'vitest'
import { atLeast, atMost, type Bar, row, shortfalls } from './row.ts'

const made = (value: number, bar?: Bar) =>
  row({ name: 'x', unit: '/s', value, bar, durability: 'none: reads' })

test.each([
  [100, atLeast(100), true],
  [99.9, atLeast(100), false],
  [100, atMost(100), true],
  [100.1, atMost(100), false],
  [Number.NaN, atLeast(1), false],
  [Number.NaN, atMost(1), false],
  [1, undefined, null],
])('%d against %o: holds is %s', (value, bar, holds) => {
  expect(made(value, bar).holds).toBe(holds)
})

test('the ratio is the figure by its baseline', () => {
  const beside = { of: 'bare', value: 50 }
  const { ratio, baseline, baselineOf } = row({
    ...made(100),
    value: 100,
    baseline: beside,
    bar: undefined,
  })
  expect({ ratio, baseline, baselineOf }).toEqual({ ratio: 2, baseline: 50, baselineOf: 'bare' })
})

test('what is left out is null, so that JSON keeps the column', () => {
  expect(JSON.parse(JSON.stringify(made(1)))).toMatchObject({
    p50: null,
    p99: null,
    baseline: null,
    bar: null,
  })
})

test('a row without a bar falls short of nothing', () => {
  const rows = [made(1), made(1, atLeast(2)), made(3, atLeast(2))]
  expect(shortfalls(rows)).toEqual([rows[1]])
})
