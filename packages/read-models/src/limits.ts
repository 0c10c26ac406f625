/** Bounds of how the read models follow. */

/** Events of one transaction, at least where there are that many: its frames are whole. */
export const BATCH_EVENTS = 60_000
/** Events that are read between two turns of the loop: longer, and PostgreSQL would wait for the next bytes. */
export const SLICE_EVENTS = 256
/** How often the thread hears how far the book is durable, ms. */
export const TELL_MS = 20
/** Between two tries to follow again after a failure, ms. */
export const RETRY_MS = 250
/** A query that takes longer is given up, ms. */
export const QUERY_MS_MAX = 5_000
/** Of one filter: conditions, nested levels, values of one `in`. */
export const CONDITIONS_MAX = 50
export const FILTER_DEPTH_MAX = 8
export const VALUES_MAX = 100
