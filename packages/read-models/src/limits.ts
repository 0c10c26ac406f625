/** Bounds of how the read models follow. */

/** Events of one transaction, at least where there are that many: its frames are whole. */
export const BATCH_EVENTS = 120_000
/** Events that are read between two turns of the loop: longer, and PostgreSQL would wait for the next bytes. */
export const SLICE_EVENTS = 256
/** How often the thread hears how far the book is durable, ms. */
export const TELL_MS = 20
/** Between two tries to follow again after a failure, ms. */
export const RETRY_MS = 250
/** A query that takes longer is given up, ms. */
export const QUERY_MS_MAX = 5_000
/** And is asked in another way before, when the first takes longer than this, ms. */
export const QUERY_FIRST_MS = 300
/** Of one filter: conditions, nested levels, values of one `in`. */
export const CONDITIONS_MAX = 50
export const FILTER_DEPTH_MAX = 8
export const VALUES_MAX = 100
/** Accounts of a reader that are named one by one in his questions. */
export const REACHED_SLOTS_MAX = 2_000
/** A report may take longer than a query: it reads every account. ms */
export const REPORT_MS_MAX = 30_000
export const REPORT_ROWS_MAX = 10_000
export const REPORT_PERIODS_MAX = 400
/** How long the tables may take to come to the event at which they are held to the ledger's own columns, ms; how often the ledger is looked at until it is still, and how far apart. */
export const AGREEMENT_REACH_MS = 60_000
/** Checks that are kept. */
export const AGREEMENT_CHECKS_KEPT = 1_000
export const AGREEMENT_TRIES_MAX = 500
export const AGREEMENT_WAIT_MS = 20
