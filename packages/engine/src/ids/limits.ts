/** Named limits and sizes of the sealed runs, with the assertions that relate them. */
import { assert } from '@tallystick/money'

/** What one read of a run takes and what one checksum covers. */
export const BLOCK_BYTES = 4_096
/** Checksum, number of entries, number of the block. */
export const BLOCK_HEAD_BYTES = 16
/** u128 key, u64 value. */
const ENTRY_BYTES = 24
export const ENTRY_WORDS = ENTRY_BYTES / 4
export const ENTRIES_PER_BLOCK = 170

/** Bytes of a run that are written at once. */
export const WRITE_BYTES = 1024 * 1024
/** Bytes after which a file in the making is synced: one large sync at its end would hold up the journal's. */
export const SYNC_EVERY_BYTES = 4 * 1024 * 1024
/** Bytes that a merge reads of one input at a time. */
export const READ_BYTES = 256 * 1024

/** Events of one first-level run when a range is sealed in pieces: bounds the sealing thread's memory. */
export const SEAL_EVENTS_MAX = 6 * 1024 * 1024
/** Runs of one level that are merged into one of the next. */
export const MERGE_FAN_IN = 8
/** Runs that may hold one key by their smallest and largest before a level is merged: fewer cost nothing. */
export const OVERLAP_MAX = 2
/** Runs of one family; beyond it even runs whose keys lie apart are merged, to bound open files. */
export const RUNS_MAX = 64
/** Entries that a merge moves before it lets a waiting seal go first. */
export const MERGE_SLICE_ENTRIES = 65_536
/** Rest after each slice of a merge, as a multiple of the time that it took. */
export const MERGE_REST = 1
/** A journal that is being written may look torn; how often the sealing thread looks again. */
export const JOURNAL_OPEN_ATTEMPTS = 5

/** Of the younger half of a run's ids one in so many may lie among older ids, for the run to do without a filter. */
export const BEHIND_SHARE = 64
/** Times that a run without a filter may be read for a key that it has not, before it gets one: 0.1 s of reading. */
export const ASKED_IN_VAIN_MAX = 16_384

/** Bits of a filter for each key: at 16 about one key in a thousand is a false alarm. */
export const FILTER_BITS_PER_KEY = 16
/** Keys that the first filter of a family has room for at the least. */
export const FILTER_KEYS_MIN = 4_096
/** Each next filter has so many times the room of the one before. */
export const FILTER_GROWTH = 4
/** Keys of one filter at the most: 128 MiB of memory. */
export const FILTER_KEYS_MAX = 64 * 1024 * 1024
/** Keys that are ordered by their place before they are added to a filter, and into how many parts of it. */
export const FILTER_BATCH_KEYS = 2_097_152
export const FILTER_PARTS = 2_048
/** How far beyond its room a filter may be filled. */
export const FILTER_OVERFILL = 1.125

assert(BLOCK_HEAD_BYTES + ENTRIES_PER_BLOCK * ENTRY_BYTES === BLOCK_BYTES)
assert(WRITE_BYTES % BLOCK_BYTES === 0)
assert(READ_BYTES % BLOCK_BYTES === 0)
assert(SYNC_EVERY_BYTES % WRITE_BYTES === 0)
assert(RUNS_MAX > MERGE_FAN_IN)
