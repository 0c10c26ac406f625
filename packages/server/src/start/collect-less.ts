/**
 * Garbage collection of the server's process. V8 begins to mark when less is left to its limit than the young generation may
 * need: with a heap as small as this server's (25 MB of 49; the money lies outside of it) that is always so, and while large batches came,
 * one collection followed the other, each some 10 ms of work. Measured: docs/performance.md.
 */
import { setFlagsFromString } from 'node:v8'

/** Percent of the way from what the last collection left to the limit: marking begins beside other work, and at once. */
const MARKING_SOON_PERCENT = 60
const MARKING_NOW_PERCENT = 80

/** For a process of one's own: flags hold for the whole process. A version of V8 that does not know them says so, and goes on. */
export function collectLess(): void {
  setFlagsFromString(`--incremental-marking-soft-trigger=${MARKING_SOON_PERCENT}`)
  setFlagsFromString(`--incremental-marking-hard-trigger=${MARKING_NOW_PERCENT}`)
}
