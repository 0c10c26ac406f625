/** What reports are asked for: groups, and days of a period. */
import { usageError } from '../failure.ts'
import type { PeriodOptions } from './statement.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

export interface Days {
  readonly from: string
  /** No longer counts. */
  readonly to: string
}

/** Of turnover, which counts whole days. @throws CommandError */
export function daysOf({ month, from, to }: PeriodOptions): Days {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw usageError('Give --month, or --from and --to, not both.')
    }
    return daysOfMonth(month)
  }
  if (from === undefined || to === undefined) throw usageError('Give --month, or --from and --to.')
  for (const day of [from, to]) {
    if (!DAY.test(day)) throw usageError(`"${day}" is no day: write it like 2026-11-21.`)
  }
  return { from, to }
}

function daysOfMonth(month: string): Days {
  try {
    const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
    return { from: first.toString(), to: first.add({ months: 1 }).toString() }
  } catch {
    throw usageError(`"${month}" is no month: write it like 2026-11.`)
  }
}

/** @throws CommandError */
export function groupingOf(
  prefix: string | undefined,
  groupBy: string | undefined,
): { readonly prefix?: string; readonly groupBy?: number | 'code' } {
  const isCount = groupBy !== undefined && /^(\d|1[0-6])$/.test(groupBy)
  if (groupBy !== undefined && groupBy !== 'code' && !isCount) {
    throw usageError(`--group-by takes a number of segments up to 16, or code, not "${groupBy}".`)
  }
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(groupBy === undefined ? {} : { groupBy: groupBy === 'code' ? groupBy : Number(groupBy) }),
  }
}

/** @throws CommandError */
export function stepOf(period = 'day'): 'day' | 'week' | 'month' {
  if (period === 'day' || period === 'week' || period === 'month') return period
  throw usageError(`--period must be day, week or month, not "${period}".`)
}
