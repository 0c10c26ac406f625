/** How long a receiver of webhooks asks to be left alone. */
import { WEBHOOK_RETRY_AFTER_MS_MAX } from '../limits.ts'

/**
 * @param header of HTTP: whole seconds, or a date; anything else asks for nothing.
 * @param now ms since 1970.
 * @returns ms, at most a day: whoever asks for more is tried as seldom as one that is away.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : dateOf(header) - now
  return ms > 0 ? Math.min(ms, WEBHOOK_RETRY_AFTER_MS_MAX) : undefined
}

/** `Date.parse` alone would take much more for a date. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(text)
    ? Date.parse(text)
    : NaN
}
