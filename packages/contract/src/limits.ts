/** Every limit that the wire has, in one place. Above them: 400 or 413, never a guess. */
import { assert } from '@tallystick/money'

/** Goes into every saved request; a change of a field's meaning is a new number. */
export const CONTRACT_VERSION = 1

/** Rows of one page of a list; the default is for people, the maximum for programs. */
export const PAGE_ROWS_DEFAULT = 50
export const PAGE_ROWS_MAX = 1_000

/** Commands of one batch, counted after transactions were taken apart into their postings. */
export const BATCH_COMMANDS_MAX = 8_190
/** An atomic batch cannot be cut into slices, so others wait for the whole of it. */
export const ATOMIC_COMMANDS_MAX = 1_024
/** Postings of one transaction: it is an atomic batch. */
export const POSTINGS_MAX = ATOMIC_COMMANDS_MAX

/** Bytes of a body that asks for one thing. */
export const BODY_BYTES_MAX = 64 * 1024
/** Bytes of a transaction: each posting may have metadata of its own. */
export const TRANSACTION_BYTES_MAX = 1024 * 1024
/** Bytes of a batch in any of its three forms, and of what it unpacks to. */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024
/** Arrays and objects inside one another; a deeper body is refused before it is parsed. */
export const JSON_DEPTH_MAX = 32

/** Bytes of metadata in its canonical form, see `metadata.ts`. */
export const METADATA_BYTES_MAX = 4_096
/** Bytes of private data in its canonical form, the subject's name included. */
export const PRIVATE_BYTES_MAX = 4_096
/** Private data in one request: each new subject is a key to be made safe. */
export const PRIVATE_PER_REQUEST_MAX = 32
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255
export const REFERENCE_LENGTH_MAX = 255
export const CURSOR_LENGTH_MAX = 1_024
/** Seconds: u32. */
export const TIMEOUT_SECONDS_MAX = 0xffff_ffff
export const CODE_MAX = 0xffff

assert(BATCH_COMMANDS_MAX >= ATOMIC_COMMANDS_MAX)
assert(TRANSACTION_BYTES_MAX <= BATCH_BYTES_MAX)
assert(PAGE_ROWS_DEFAULT <= PAGE_ROWS_MAX)
