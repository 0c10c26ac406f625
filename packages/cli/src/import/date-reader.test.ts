import { expect, test } from 'vitest'
import { checkDateFormat, DateReader } from './date-reader.ts'

const read = (text: string, format = 'iso', timeZone = 'UTC'): string | undefined =>
  new DateReader({ column: 'date', format, timeZone }).read(text)

test.each([
  ['1993-01-01', 'iso', 'UTC', '1993-01-01T00:00:00Z'],
  ['1993-01-01', 'iso', 'Europe/Prague', '1992-12-31T23:00:00Z'],
  ['2026-11-21T09:00:00+01:00', 'iso', 'UTC', '2026-11-21T08:00:00Z'],
  ['2026-11-21 09:00:00', 'iso', 'Europe/Prague', '2026-11-21T08:00:00Z'],
  ['31.12.2025', 'dd.MM.yyyy', 'UTC', '2025-12-31T00:00:00Z'],
  ['3/7/2025', 'M/d/yyyy', 'UTC', '2025-03-07T00:00:00Z'],
  ['20250307', 'yyyyMMdd', 'UTC', '2025-03-07T00:00:00Z'],
  ['07.03.2025 23:59:58', 'dd.MM.yyyy HH:mm:ss', 'UTC', '2025-03-07T23:59:58Z'],
])('%s as %s in %s is %s', (text, format, zone, moment) => {
  expect(read(text, format, zone)).toBe(moment)
})

test.each([
  ['', 'iso'],
  ['1993-02-29', 'iso'],
  ['1969-12-31', 'iso'],
  ['29.02.2025', 'dd.MM.yyyy'],
  ['2025-01-01', 'dd.MM.yyyy'],
])('"%s" as %s is no date', (text, format) => {
  expect(read(text, format)).toBeUndefined()
})

test.each([
  [{ format: 'dd.MM' }, 'needs yyyy, MM and dd'],
  [{ format: 'dd.dd.MM.yyyy' }, 'the same part twice'],
  [{ timeZone: 'Mars/Olympus' }, 'time_zone "Mars/Olympus" is unknown'],
])('%o is refused: %s', (wrong, why) => {
  const rule = { column: 'date', format: 'iso', timeZone: 'UTC', ...wrong }
  expect(() => checkDateFormat(rule)).toThrow(why)
})
