/** Dates of a file as ledger time: ISO, or a pattern like `dd.MM.yyyy HH:mm`, in a time zone. */
import { usageError } from '../failure.ts'
import type { DateRule } from './booking-map.ts'

/** Files have few days and many rows; texts with a time of day are as many as rows, so the memory is bounded. */
const REMEMBERED_MAX = 10_000

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
}
const TOKEN = /yyyy|MM?|dd?|HH|mm|ss/g

/** @throws CommandError when the pattern or the time zone cannot be meant. */
export function checkDateFormat(rule: DateRule): void {
  try {
    Temporal.PlainDate.from('2026-11-21').toZonedDateTime(rule.timeZone)
  } catch {
    throw usageError(`The map: date.time_zone "${rule.timeZone}" is unknown; like Europe/Prague.`)
  }
  if (rule.format === 'iso') return
  const tokens: readonly string[] = rule.format.match(TOKEN) ?? []
  const has = (...names: readonly string[]): boolean => names.some((name) => tokens.includes(name))
  if (!has('yyyy') || !has('MM', 'M') || !has('dd', 'd')) {
    throw usageError(`The map: date.format "${rule.format}" needs yyyy, MM and dd, or "iso".`)
  }
  try {
    patternOf(rule.format)
  } catch {
    throw usageError(`The map: date.format "${rule.format}" says the same part twice.`)
  }
}

export class DateReader {
  readonly #read: (text: string) => Temporal.Instant
  readonly #known = new Map<string, string | undefined>()

  constructor({ format, timeZone }: DateRule) {
    this.#read = format === 'iso' ? isoReader(timeZone) : patternReader(patternOf(format), timeZone)
  }

  /** RFC 3339 in UTC; undefined: no date of that format, or before 1970. */
  read(text: string): string | undefined {
    if (this.#known.has(text)) return this.#known.get(text)
    const moment = this.#moment(text)
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(text, moment)
    return moment
  }

  #moment(text: string): string | undefined {
    try {
      const instant = this.#read(text)
      return instant.epochMilliseconds < 0 ? undefined : instant.toString()
    } catch {
      return undefined
    }
  }
}

function patternOf(format: string): RegExp {
  let pattern = ''
  let from = 0
  for (const match of format.matchAll(TOKEN)) {
    pattern += RegExp.escape(format.slice(from, match.index)) + (TOKENS[match[0]] ?? '')
    from = match.index + match[0].length
  }
  return new RegExp(`^${pattern}${RegExp.escape(format.slice(from))}$`)
}

function isoReader(timeZone: string): (text: string) => Temporal.Instant {
  return (text) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return Temporal.PlainDate.from(text).toZonedDateTime(timeZone).toInstant()
    }
    return /[zZ]$|[+-]\d{2}:?\d{2}$/.test(text)
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).toInstant()
  }
}

function patternReader(pattern: RegExp, timeZone: string): (text: string) => Temporal.Instant {
  return (text) => {
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) throw new RangeError(text)
    const part = (name: string): number => Number(groups[name] ?? 0)
    const moment = Temporal.PlainDateTime.from(
      {
        year: part('year'),
        month: part('month'),
        day: part('day'),
        hour: part('hour'),
        minute: part('minute'),
        second: part('second'),
      },
      { overflow: 'reject' },
    )
    return moment.toZonedDateTime(timeZone).toInstant()
  }
}
