/** Times as people write them: RFC 3339, a date, a month; in a time zone; out comes UTC text as the interface has it. */
import { usageError } from './failure.ts'

export interface Period {
  readonly from?: string
  readonly to?: string
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/
const MONTH = /^\d{4}-\d{2}$/

/** @throws CommandError */
export function momentOf(text: string, timeZone = 'UTC'): string {
  try {
    if (DATE.test(text)) return utc(Temporal.PlainDate.from(text).toZonedDateTime(timeZone))
    if (LOCAL.test(text)) return utc(Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone))
    return Temporal.Instant.from(text).toString()
  } catch {
    throw usageError(
      `"${text}" is no time: write it like 2026-11-21, 2026-11-21T09:00 or 2026-11-21T09:00:00Z${zoneHint(timeZone)}.`,
    )
  }
}

/** `2026-11`: from its first moment to the first of the next. @throws CommandError */
export function monthOf(text: string, timeZone = 'UTC'): Required<Period> {
  if (!MONTH.test(text)) throw usageError(`"${text}" is no month: write it like 2026-11.`)
  try {
    const first = Temporal.PlainDate.from(`${text}-01`)
    const next = first.add({ months: 1 })
    return { from: utc(first.toZonedDateTime(timeZone)), to: utc(next.toZonedDateTime(timeZone)) }
  } catch {
    throw usageError(`"${text}" is no month${zoneHint(timeZone)}.`)
  }
}

function utc(moment: Temporal.ZonedDateTime): string {
  return moment.toInstant().toString()
}

function zoneHint(timeZone: string): string {
  return timeZone === 'UTC' ? '' : `, with a time zone like Europe/Prague (it is "${timeZone}")`
}
