import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTime, parseTime, TIME_MAX_NS } from './time.ts'

test.each([
  [0n, '1970-01-01T00:00:00.000000000Z'],
  [TIME_MAX_NS, '2554-07-21T23:34:33.709551615Z'],
  [1795251600123456789n, '2026-11-21T09:00:00.123456789Z'],
  [951782400000000000n, '2000-02-29T00:00:00.000000000Z'],
])('%s ns is %s', (ns, text) => {
  expect(formatTime(ns)).toBe(text)
  expect(parseTime(text)).toBe(ns)
})

test('milliseconds agree with Date', () => {
  const last = Number(TIME_MAX_NS / 1_000_000n)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: last }), (milliseconds) => {
      const text = new Date(milliseconds).toISOString()
      expect(parseTime(text)).toBe(BigInt(milliseconds) * 1_000_000n)
      expect(formatTime(BigInt(milliseconds) * 1_000_000n)).toBe(text.replace('Z', '000000Z'))
    }),
  )
})

test('any time comes back from its text', () => {
  fc.assert(fc.property(fc.bigInt(0n, TIME_MAX_NS), (ns) => parseTime(formatTime(ns)) === ns))
})

test('decimals may be fewer than nine', () => {
  expect(parseTime('1970-01-01T00:00:01Z')).toBe(1_000_000_000n)
  expect(parseTime('1970-01-01T00:00:01.5Z')).toBe(1_500_000_000n)
})

test.each([
  '',
  '2026-11-21',
  '2026-11-21T09:00:00',
  '2026-11-21T09:00:00+01:00',
  '2026-11-21 09:00:00Z',
  '2026-11-21t09:00:00z',
  '2026-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-11-21T24:00:00Z',
  '2026-11-21T23:59:60Z',
  '1969-12-31T23:59:59Z',
  '2554-07-21T23:34:33.709551616Z',
  '9999-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-11-21T09:00:00.1234567891Z',
  '2026-11-21T09:00:0\u0660Z',
])('%j is no time', (text) => expect(parseTime(text)).toBeUndefined())
