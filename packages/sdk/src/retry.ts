/** When to try again and how long to wait before it. */

const WAIT_MS_MIN = 100
const WAIT_MS_MAX = 8_000
/** A longer timer would fire at once. */
export const TIMER_MS_MAX: number = 2 ** 31 - 1

/** Answers after which the same request, with the same key, may fare better. */
export function isRetryable(status: number): boolean {
  return status === 429 || status >= 500
}

/**
 * Twice as long each time, with jitter so that clients that failed together do not come back together.
 * @param tries made so far, from 1. @param random 0 … 1. @returns ms
 */
export function waitMs(tries: number, retryAfterMs: number | undefined, random: number): number {
  const longest = Math.min(WAIT_MS_MAX, WAIT_MS_MIN * 2 ** (tries - 1))
  return (retryAfterMs ?? 0) + longest * (0.5 + random / 2)
}

/** `Retry-After` as seconds or as a date. @param now ms since 1970. @returns ms; undefined: none, or not to be understood. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  // `Date.parse` would make a date of nearly anything.
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Rejects with the signal's reason when it is aborted meanwhile. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop)
        resolve()
      },
      Math.min(ms, TIMER_MS_MAX),
    )
    signal.addEventListener('abort', stop, { once: true })
  })
}
