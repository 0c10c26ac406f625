import { expect, test } from 'vitest'

import { retryAfterMs } from './retry-after.ts'

const NOW = Date.parse('2026-11-26T09:00:00Z')
const DAY_MS = 86_400_000

test.each([
  [undefined, undefined],
  ['120', 120_000],
  ['0', undefined],
  ['86401', DAY_MS],
  ['9'.repeat(400), DAY_MS],
  ['Thu, 26 Nov 2026 09:00:30 GMT', 30_000],
  ['Thu, 26 Nov 2026 08:59:59 GMT', undefined],
  ['Thu, 26 Nov 2026 99:00:00 GMT', undefined],
  ['Fri, 26 Nov 2027 09:00:00 GMT', DAY_MS],
  ['-5', undefined],
  ['0.5', undefined],
  ['Infinity', undefined],
  ['0x10', undefined],
  ['2026-11-27', undefined],
  ['soon', undefined],
] as const)('Retry-After: %s asks for %s ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected)
})
