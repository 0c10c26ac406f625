/** Times as text: RFC 3339 in UTC. */

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000n
/** The last that `Date` knows. */
const SECONDS_MAX = 8_640_000_000_000n

/** With nine decimals. @param ns since 1970, u64 */
export function formatTime(ns: bigint): string {
  const second = new Date(Number(ns / NS_PER_MS)).toISOString().slice(0, 19)
  return `${second}.${(ns % NS_PER_SECOND).toString().padStart(9, '0')}Z`
}

/** @param seconds since 1970, not negative */
export function formatSeconds(seconds: bigint): string {
  if (seconds > SECONDS_MAX) return `second ${seconds}`
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}Z`
}
