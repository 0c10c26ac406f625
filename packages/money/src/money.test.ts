import { expect, test } from 'vitest'

import { minus, type Money, money, plus } from './money.ts'

test('money of one currency adds and subtracts', () => {
  const a = money(500n, 'EUR/2')
  const b = money(700n, 'EUR/2')
  expect(plus(a, b)).toEqual(money(1200n, 'EUR/2'))
  expect(minus(a, b)).toEqual(money(-200n, 'EUR/2'))
})

test('money of two currencies known to the compiler does not compile', () => {
  const euro = money(1n, 'EUR/2')
  const dollar = money(1n, 'USD/2')
  // @ts-expect-error -- the point of the test
  expect(() => plus(euro, dollar)).toThrow('no sum')
  // @ts-expect-error -- the point of the test
  expect(() => minus(euro, dollar)).toThrow('no difference')
})

test('money of two currencies known only at run time stops', () => {
  const euro: Money = money(1n, 'EUR/2')
  const dollar: Money = money(1n, 'USD/2')
  expect(() => plus(euro, dollar)).toThrow('no sum')
  expect(() => minus(euro, dollar)).toThrow('no difference')
})
