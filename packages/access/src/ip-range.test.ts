import { expect, test } from 'vitest'

import { isInRanges, isIpRange } from './ip-range.ts'

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.8', '192.0.2.7', false],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['::1', '0.0.0.0/0', false],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['', '0.0.0.0/0', false],
])('%j in %s: %s', (address, range, expected) => {
  expect(isInRanges(address, [range])).toBe(expected)
})

test('without ranges every address is in', () => {
  expect(isInRanges('203.0.113.9', [])).toBe(true)
})

test.each([
  '10.0.0.0/33',
  '10.0.0',
  '010.0.0.1',
  '1.2.3.256',
  '::/129',
  ':::',
  'a',
  '10.0.0.0/8/8',
  '/8',
  '1::2::3',
])('%s is no range', (text) => expect(isIpRange(text)).toBe(false))
