import { expect, test } from 'vitest'
import { byteRateOf } from './byte-rate.ts'

test.each([
  ['50MB/s', 50_000_000],
  ['800 kB/s', 800_000],
  ['1.5GB/s', 1_500_000_000],
  ['100B/s', 100],
])('%s is a rate', (text, rate) => {
  expect(byteRateOf(text)).toBe(rate)
})

test.each(['50', '50MB', '0MB/s', '-1MB/s', 'MB/s', '5XB/s'])('"%s" is no rate', (text) => {
  expect(() => byteRateOf(text)).toThrow('is no rate')
})
