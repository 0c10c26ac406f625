import { expect, test } from 'vitest'
import { amountOf, amountText, countText, moneyText } from './money-text.ts'

test.each([
  [0n, 'EUR/2', '0.00 EUR'],
  [750_000n, 'EUR/2', '7,500.00 EUR'],
  [-123_456_789n, 'EUR/2', '-1,234,567.89 EUR'],
  [1_234n, 'JPY/0', '1,234 JPY'],
  [1n, 'BTC/8', '0.00000001 BTC'],
])('%s of %s is %s', (minor, asset, text) => {
  expect(moneyText(minor, asset)).toBe(text)
})

test('digits behind the point are not grouped', () => {
  expect(amountText(1_000_000_000n, 'XYZ/9')).toBe('1.000000000')
})

test('counts have groups', () => {
  expect([0, 999, 1_000, 49_061n].map(countText)).toEqual(['0', '999', '1,000', '49,061'])
})

test.each([
  ['25.00', false, 2_500n],
  ['0.5', false, 50n],
  ['2500', true, 2_500n],
])('%s (minor: %s) is %s', (text, minor, amount) => {
  expect(amountOf(text, 'EUR/2', { minor })).toBe(amount)
})

test('a whole number is whole where an asset has no decimals', () => {
  expect(amountOf('2500', 'JPY/0', { minor: false })).toBe(2_500n)
})

test.each([
  ['25', false, 'may be 25.00 EUR or 0.25 EUR'],
  ['25.001', false, 'is no amount of EUR/2'],
  ['-1.00', false, 'is no amount'],
  ['1e3', false, 'is no amount'],
  ['25.00', true, 'write it like 2500'],
])('%s (minor: %s) is refused: %s', (text, minor, why) => {
  expect(() => amountOf(text, 'EUR/2', { minor })).toThrow(why)
})
