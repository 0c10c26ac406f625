import { expect, test } from 'vitest'

import { findCardNumber } from './card-number.ts'

test.each([
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  'pay with 5555555555554444 please',
  'card:4012888888881881.',
  '378282246310005',
  '3782 822463 10005',
  '6011111111111117',
  '3530111333300000',
  '30569309025904',
  '2223003122003222',
  '6200000000000005',
])('%s looks like a card', (text) => {
  expect(findCardNumber({ a: [{ note: text }] }, 'metadata')).toBe('metadata.a[0].note')
})

test.each([
  '4111111111111112',
  '1234567812345670',
  '0000000000000000',
  '411111111111',
  '41111111111111111111',
  '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07',
  '41111111-1111-1111-1111-111111111111',
  'inv_4111111111111111',
  '0.4111111111111111',
  '1763715600123456789',
  '4111 1111-1111 1111',
])('%s does not', (text) => {
  expect(findCardNumber({ note: text }, 'metadata')).toBeUndefined()
})

test('numbers and names of fields are looked at too', () => {
  expect(findCardNumber({ pan: 4_111_111_111_111_111 }, 'metadata')).toBe('metadata.pan')
  expect(findCardNumber({ '4111111111111111': 1 }, 'metadata')).toBe('metadata')
})
