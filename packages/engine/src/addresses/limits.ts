/** Named limits of the address index. */
import { assert } from '@tallystick/money'

/** Accounts that wait unsorted. They are sorted at once, in a few ms, when there are so many, or when a question comes. */
export const TAIL_MAX = 16_384
/**
 * Runs of one size class that are merged into one of the next. Wide, because a merge reads every address again, from memory that
 * no cache holds: among ten million accounts each is moved once.
 */
export const MERGE_FAN_IN = 32
/** Accounts that a waiting merge moves for each account that is added: more than merges cost each account in all. */
export const MERGE_PER_ADD = 2
/** Groups of one answer of totals. */
export const TOTALS_GROUPS_MAX = 100_000

assert(MERGE_PER_ADD < TAIL_MAX)
