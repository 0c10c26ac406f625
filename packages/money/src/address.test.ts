import fc from 'fast-check'
import { expect, test } from 'vitest'

import { address, parseAddress, worldAddress } from './address.ts'

const segment = 'a'.repeat(64)

test.each([
  'world',
  'users:1042:wallet',
  'A-b_c.9',
  '.hidden:..:x',
  segment,
  [segment, segment, segment, 'a'.repeat(60)].join(':'),
  Array.from({ length: 16 }, () => 'a').join(':'),
])('%s is an address', (text) => {
  expect(parseAddress(text)).toBe(text)
})

test.each([
  '',
  ':',
  'a:',
  ':a',
  'a::b',
  'a b',
  'a/b',
  'a%2Fb',
  'ä',
  'a\n',
  '.',
  '..',
  `${segment}a`,
  [segment, segment, segment, 'a'.repeat(61)].join(':'),
  Array.from({ length: 17 }, () => 'a').join(':'),
])('%j is not an address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

test('an address is a path segment of a URL as it stands', () => {
  const texts = fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}(:[A-Za-z0-9_.-]{1,8}){0,3}$/)
  fc.assert(
    fc.property(
      texts.filter((text) => parseAddress(text) !== undefined),
      (text) => {
        expect(encodeURIComponent(text).replaceAll('%3A', ':')).toBe(text)
      },
    ),
  )
})

test('every asset has its world', () => {
  expect(worldAddress({ code: 'EUR', scale: 2 })).toBe('world:EUR-2')
  expect(worldAddress({ code: 'LOYALTY_POINTS_9A', scale: 30 })).toBe('world:LOYALTY_POINTS_9A-30')
})

test('an address that the program writes itself has to be one', () => {
  expect(() => address('a::b')).toThrow('not an address')
})
