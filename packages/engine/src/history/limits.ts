/** Named limits of reading an account's history. */
import { assert } from '@tallystick/money'

/** Records that one page reads before it ends, full or not. */
export const HISTORY_READS_MAX = 2_048
/** Entries that a walk forwards fetches at a time: the chain itself only leads back. */
export const HISTORY_CHUNK = 256
/** Records of a page that are on their way from a slow disk at a time: more than what serves them has threads (four). */
export const AHEAD_MAX = 16
/** Entries of a page that are read to see whether the disk is slow. */
export const AHEAD_PROBES = 4
/** Slow reads up to a page's first entries from which on it is worth it to read the others ahead. */
export const AHEAD_SLOW_READS = 3
/** Late entries of one account that are put in order when they are asked for; from more on they are kept in order. */
export const LATE_LIST_MAX = 64
/** Late entries in one piece of an account's order. */
export const LATE_BLOCK = 1_024
/** Late entries of all accounts, 60 bytes of memory each. Beyond, accounts that get more cannot be asked by effective time. */
export const LATE_ENTRIES_MAX = 16 * 1024 * 1024

assert(HISTORY_CHUNK < HISTORY_READS_MAX)
assert(LATE_LIST_MAX < LATE_BLOCK)
