import { expect, test } from 'vitest'
import { momentOf, monthOf } from './moment.ts'

test.each([
  ['2026-11-21', 'UTC', '2026-11-21T00:00:00Z'],
  ['2026-11-21', 'Europe/Prague', '2026-11-20T23:00:00Z'],
  ['2026-07-01T09:30', 'Europe/Prague', '2026-07-01T07:30:00Z'],
  ['2026-11-21T09:00:00.123456789Z', 'UTC', '2026-11-21T09:00:00.123456789Z'],
  ['2026-11-21T09:00:00+01:00', 'UTC', '2026-11-21T08:00:00Z'],
])('%s in %s is %s', (text, zone, moment) => {
  expect(momentOf(text, zone)).toBe(moment)
})

test.each(['yesterday', '2026-02-30', '2026-11-21T25:00', ''])('"%s" is no time', (text) => {
  expect(() => momentOf(text)).toThrow('is no time')
})

test('a month goes from its first moment to the first of the next, in its time zone', () => {
  expect(monthOf('2026-12')).toEqual({ from: '2026-12-01T00:00:00Z', to: '2027-01-01T00:00:00Z' })
  expect(monthOf('2026-03', 'Europe/Prague')).toEqual({
    from: '2026-02-28T23:00:00Z',
    to: '2026-03-31T22:00:00Z',
  })
  expect(() => monthOf('2026-13')).toThrow('is no month')
  expect(() => monthOf('2026-1')).toThrow('is no month')
  expect(() => monthOf('2026-01', 'Mars/Olympus')).toThrow('Mars/Olympus')
})
