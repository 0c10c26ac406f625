import { expect, test } from 'vitest'

import { formatSeconds, formatTime } from './time-text.ts'

test.each([
  [0n, '1970-01-01T00:00:00.000000000Z'],
  [1_795_608_000_000_000_001n, '2026-11-25T12:00:00.000000001Z'],
  [1_795_608_000_999_999_999n, '2026-11-25T12:00:00.999999999Z'],
  [(1n << 64n) - 1n, '2554-07-21T23:34:33.709551615Z'],
])('%s ns are %s', (ns, text) => expect(formatTime(ns)).toBe(text))

test.each([
  [0n, '1970-01-01T00:00:00Z'],
  [1_795_608_060n, '2026-11-25T12:01:00Z'],
  [2n ** 63n - 1n, 'second 9223372036854775807'],
])('%s s are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))
