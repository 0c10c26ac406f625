/** Every limit of the engine, in one place, related by assertions. Above them: 503, 413 or a pause, never memory growth. */
import {
  ADDRESS_BYTES_MAX,
  COMMANDS_PER_BATCH_MAX,
  RELEASES_PER_BATCH_MAX,
} from '@tallystick/ledger'
import { assert } from '@tallystick/money'

/** Length of a group buffer, bytes: one whole frame. */
export const GROUP_BYTES = 16 * 1024 * 1024
/** Group buffers: one on its way to disk, one waiting, one being filled. */
export const GROUPS = 3
/** Bytes that one decided event may take in a frame without its data: record, offset, padding. */
export const EVENT_BYTES_MAX = 384
/** Events of one group, releases included. */
export const GROUP_EVENTS_MAX = 32_768
/** Commands that the requests of one lane may have in one group: interactive work waits for no more bulk than this. */
export const GROUP_LANE_COMMANDS_MAX = COMMANDS_PER_BATCH_MAX
/** Commands of one request that are decided in one turn of the event loop: reads wait for no more. */
export const PART_COMMANDS = 512
/** Groups with a body of at most this many bytes are written and synced on the main thread: it is quicker there. */
export const INLINE_BODY_BYTES_MAX = 128 * 1024
/** And with at most this many requests. */
export const INLINE_REQUESTS_MAX = 2

/** A write and sync on the main thread may take this long on average, ms; slower disks are left to the writer's thread. */
export const INLINE_SYNC_MS_MAX = 1
/** Small groups that a slow disk's writer thread takes before the main thread tries again. */
export const INLINE_RETRY_EVERY = 256

/** Bytes of one request: packed commands, data area, envelope. Above: `too_large`. */
export const REQUEST_BYTES_MAX = 8 * 1024 * 1024
/** Bytes of a request's body: what the answer needs and the records do not have. */
export const REQUEST_BODY_BYTES_MAX = 1024 * 1024
/** Bytes, as UTF-8, of principal, key id, source, initiator and idempotency key, each. */
export const REQUEST_TEXT_BYTES_MAX = 1_024
/** Look-up keys of one request. */
export const REQUEST_KEYS_MAX = 8

/** Requests that wait, of one lane. Above: `overloaded`. */
export const QUEUE_REQUESTS_MAX = 65_536
/** Bytes of the requests that wait, of one lane. Above: `overloaded`. */
export const QUEUE_BYTES_MAX = 256 * 1024 * 1024
/** Callers that wait until a sequence is durable. */
export const WAITERS_MAX = 262_144

/** Memory for the newest bodies, so that what happened a moment ago is not read from disk. */
export const RECENT_BYTES = 96 * 1024 * 1024
/** Frames that the memory for the newest bodies knows. */
export const RECENT_FRAMES_MAX = 262_144
/** Records that were read back from disk stay readable until so many MiB more were read. */
export const RECORDS_READ_MEBIBYTES = 8

/** Ids in the ledger's own table before they go to a sealed run. */
export const IDS_PER_GENERATION = 4 * 1024 * 1024
/** Journal bytes after which a snapshot is made by itself. */
export const SNAPSHOT_EVERY_BYTES = 1024 * 1024 * 1024
/** Bytes of a snapshot copied between two batches. */
export const SNAPSHOT_SLICE_BYTES = 1024 * 1024
/** Bytes of one page of a snapshot. */
export const SNAPSHOT_PAGE_BYTES = 65_536
/** Slices on their way to the snapshot's thread. */
export const SNAPSHOT_SLICES = 4
/** Bytes of a snapshot written between two of its syncs. */
export const SNAPSHOT_SYNC_EVERY_BYTES = 8 * 1024 * 1024
/** Snapshots that are kept. */
export const SNAPSHOTS_KEPT = 2

/** A step forward of the wall clock, ns, that the monotonic clock does not confirm stops writes. */
export const CLOCK_JUMP_MAX_NS = 10_000_000_000n
/** The longest that a timer for the next deadline sleeps, ms: what `setTimeout` can take, with room. */
export const TIMER_MS_MAX = 60_000
/** Until a release is tried again that could not be written: the disk was full, or the clock had jumped. */
export const RELEASE_RETRY_MS = 100

/** Commands up to which a call of the library is interactive by default. */
export const CALL_INTERACTIVE_MAX = 100
/** Rows of one answer of a query. */
export const QUERY_LIMIT_MAX = COMMANDS_PER_BATCH_MAX
/** Accounts whose balances are added up at once; more in steps. */
export const TOTALS_AT_ONCE_MAX = 131_072
/** Accounts that one call of a list looks at. */
export const SCAN_MAX = 65_536
/** Requests that one call of a list looks at. */
export const REQUESTS_LOOKED_AT_MAX = 10_000
/** Bytes of requests that one call of a list reads from the journal. */
export const REQUESTS_READ_BYTES_MAX = 4 * 1024 * 1024
/** Bytes of requests that were read from the journal and stay in memory. */
export const REQUESTS_KEPT_BYTES = 8 * 1024 * 1024
/** Entries that one call looks at to find what became of a transfer. */
export const LATER_LOOKED_AT_MAX = 4_096
/** Events or accounts that a scan looks at before it lets others run. */
export const SCAN_SLICE = 4_096

/** Bytes that a request may take in a frame besides its events. */
const ENVELOPE_BYTES_MAX =
  88 + REQUEST_KEYS_MAX * 16 + 5 * REQUEST_TEXT_BYTES_MAX + REQUEST_BODY_BYTES_MAX + 8

// A group always has room for due releases and one request of the largest size.
assert(
  GROUP_BYTES >=
    REQUEST_BYTES_MAX +
      ENVELOPE_BYTES_MAX +
      EVENT_BYTES_MAX * RELEASES_PER_BATCH_MAX +
      COMMANDS_PER_BATCH_MAX * (EVENT_BYTES_MAX - 128),
)
assert(GROUP_EVENTS_MAX >= RELEASES_PER_BATCH_MAX + 2 * GROUP_LANE_COMMANDS_MAX)
assert(RECENT_BYTES >= (GROUPS + 1) * GROUP_BYTES)
assert(SNAPSHOT_SLICE_BYTES % SNAPSHOT_PAGE_BYTES === 0)
assert(REQUEST_TEXT_BYTES_MAX >= ADDRESS_BYTES_MAX)

/** Leaves of trees over all accounts that `verify` makes again for the statements of a book: minutes, however old it is. */
export const STATEMENT_LEAVES_MAX = 100_000_000
