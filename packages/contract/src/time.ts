/** Times as text: RFC 3339 in UTC, to and from u64 nanoseconds since 1970. No clock, no time zone, no `Date`. */
import { assert } from '@tallystick/money'

const NS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400
const U64_MAX = (1n << 64n) - 1n
const TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/

/** 2554-07-21T23:34:33.709551615Z: what u64 nanoseconds hold. */
export const TIME_MAX_NS = U64_MAX

/** Always with nine decimals. @param ns since 1970, u64. */
export function formatTime(ns: bigint): string {
  assert(ns >= 0n && ns <= U64_MAX, 'a time is u64 nanoseconds')
  const seconds = Number(ns / NS_PER_SECOND)
  const fraction = Number(ns % NS_PER_SECOND)
  const second = seconds % SECONDS_PER_DAY
  const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
  const date = formatDay(Math.floor(seconds / SECONDS_PER_DAY))
  return `${date}T${clock}.${fraction.toString().padStart(9, '0')}Z`
}

/** ns since 1970. undefined: malformed, not in the calendar, or outside u64. Leap seconds are not known. */
export function parseTime(text: string): bigint | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined
  const seconds = dayNumber(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
  const ns = BigInt(seconds) * NS_PER_SECOND + BigInt((match[7] ?? '').padEnd(9, '0'))
  return ns <= U64_MAX ? ns : undefined
}

type Six = [number, number, number, number, number, number]

// Howard Hinnant's civil calendar: years begin in March, so that the leap day is the last of its year.

/** Days since 1970-01-01. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function formatDay(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year.toString()}-${two(month)}-${two(day)}`
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
