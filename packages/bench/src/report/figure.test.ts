import { expect, test } from 'vitest'
import { bytes, count, figure } from './figure.ts'

test.each([
  [1_234_567.8, '1,234,568'],
  [123.4, '123'],
  [12.34, '12.3'],
  [1.234, '1.23'],
  [0.0834, '0.083'],
  [0, '0'],
  [-12.34, '-12.3'],
  [Number.NaN, 'NaN'],
])('%d is shown as %s', (value, text) => {
  expect(figure(value)).toBe(text)
})

test('counts have no fraction, bytes have a unit', () => {
  expect(count(10_000)).toBe('10,000')
  expect([512, 3072, 5 * 2 ** 30].map(bytes)).toEqual(['512 B', '3.00 KiB', '5.00 GiB'])
})
