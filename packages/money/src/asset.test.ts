import fc from 'fast-check'
import { expect, test } from 'vitest'

import { asset, ASSET_TEXT_LENGTH_MAX, formatAsset, parseAsset } from './asset.ts'

test.each([
  ['EUR/2', { code: 'EUR', scale: 2 }],
  ['JPY/0', { code: 'JPY', scale: 0 }],
  ['X/30', { code: 'X', scale: 30 }],
  ['LOYALTY_POINTS_9A/10', { code: 'LOYALTY_POINTS_9A', scale: 10 }],
])('%s is an asset', (text, expected) => {
  expect(parseAsset(text)).toEqual(expected)
})

test.each([
  '',
  'EUR',
  'EUR/',
  '/2',
  'EUR/2 ',
  'EUR/2\n',
  'eur/2',
  '1EUR/2',
  '_X/2',
  'EUR/02',
  'EUR/31',
  'EUR/100',
  'EUR/-1',
  'EUR/²',
  'ÉUR/2',
  'LOYALTY_POINTS_9AB/1',
])('%j is not an asset', (text) => {
  expect(parseAsset(text)).toBeUndefined()
})

test('what is read is written the same', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,16}\/([0-9]|[12][0-9]|30)$/), (text) => {
      const name = parseAsset(text)
      expect(name && formatAsset(name)).toBe(text)
      expect(text.length).toBeLessThanOrEqual(ASSET_TEXT_LENGTH_MAX)
    }),
  )
})

test('an asset has a u32 above zero and a well-formed name', () => {
  expect(asset(1000, { code: 'PTS', scale: 0 })).toEqual({ number: 1000, code: 'PTS', scale: 0 })
  for (const number of [0, -1, 1.5, 2 ** 32, Number.NaN])
    expect(() => asset(number, { code: 'PTS', scale: 0 })).toThrow('u32')
  expect(() => asset(1000, { code: 'pts', scale: 0 })).toThrow('malformed')
  expect(() => asset(1000, { code: 'PTS', scale: 31 })).toThrow('malformed')
})
