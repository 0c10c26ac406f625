/** Moments and periods for people, in UTC, the same on every machine. */

const NS_PER_MS = 1_000_000n
const DAY_NS = 86_400_000_000_000n
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `25 Nov 2026, 12:00:05`. @param ns since 1970 */
export function momentText(ns: bigint): string {
  return `${dayText(ns)}, ${new Date(Number(ns / NS_PER_MS)).toISOString().slice(11, 19)}`
}

/** `25 Nov 2026`. */
function dayText(ns: bigint): string {
  const date = new Date(Number(ns / NS_PER_MS))
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/**
 * `1 Nov 2026 to 30 Nov 2026` for whole days.
 * @param from the first moment that counts, @param to the first that no longer does; null: not limited.
 * @param known the last moment of which anything is known
 */
export function periodText(
  from: bigint | null,
  to: bigint | null,
  known: bigint | undefined,
): string {
  const start = from === null ? 'from the beginning' : startText(from)
  if (to !== null) return `${start} to ${endText(to)}`
  return known === undefined ? start : `${start} to ${momentText(known)}`
}

function startText(from: bigint): string {
  return from % DAY_NS === 0n ? dayText(from) : momentText(from)
}

/** A day's end may be said as its last nanosecond, or as the next day's first. */
function endText(to: bigint): string {
  if (to % DAY_NS === 0n && to > 0n) return dayText(to - 1n)
  return (to + 1n) % DAY_NS === 0n ? dayText(to) : momentText(to)
}

export function isSameMoment(a: bigint, b: bigint): boolean {
  return momentText(a) === momentText(b)
}
