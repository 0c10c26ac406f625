/** Bounds of the proof log: what it takes of a core, and how soon it shows what it has. */

/** Events hashed in one go: about 10 ms. */
export const SLICE_EVENTS = 8_192
/** Idle time after a slice while the ledger is busy, in times of the slice. */
export const REST = 4
/** The ledger counts as busy so long after news of it, ms. */
export const BUSY_MS = 200
/** With more events waiting than this, no rest is taken: a load of two minutes at full speed is still a burst. */
export const BACKLOG_EVENTS = 128_000_000
/** The tree is synced and shown so often while there is news, ms. */
export const PUBLISH_MS = 500
/** The same when somebody waits for a proof, ms: several who wait share one sync. */
export const PUBLISH_WANTED_MS = 20
/** The tree is made again for damage only so long after the last time, ms. */
export const REMAKE_MS = 600_000
/** How often a proof log whose disk was full looks whether there is room, ms. */
export const ROOM_MS = 2_000
/** How often the proof thread hears how far the book is durable, ms. */
export const TELL_MS = 50
/** Trees over all accounts that are kept, bytes: about 48 for each account in each of them. */
export const ACCOUNT_TREES_BYTES_MAX = 2 * 1024 * 1024 * 1024
