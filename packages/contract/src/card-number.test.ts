import { expect, test } from 'vitest'
import { cardNumberIn, hasCardNumber } from './card-number.ts'

/** The numbers that the networks publish for tests. */
test.each([
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  'card 5555555555554444, expires 12/29',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
  '3530111333300000',
  '2223003122003222',
])('%s is found', (text) => expect(hasCardNumber(text)).toBe(true))

test.each([
  '4111111111111112',
  '1234567812345670',
  '41111111111111111',
  'a4111111111111111',
  '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
  '1795251600123456789',
  'DE89370400440532013000',
  '',
])('%s is left alone', (text) => expect(hasCardNumber(text)).toBe(false))

test('it is found at any depth, and its field is named', () => {
  expect(cardNumberIn({ note: 'paid with 4111111111111111' })).toBe('metadata.note')
  expect(cardNumberIn({ a: [{ b: 1 }, { pan: 4111111111111111 }] })).toBe('metadata.a[1].pan')
  expect(cardNumberIn({ '4111111111111111': 1 })).toBe('metadata')
  expect(cardNumberIn({ cart: 'c-7', n: 5, x: null })).toBeUndefined()
})
