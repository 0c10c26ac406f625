/** Every limit of the state machine, in one place, related by assertions. */

/** Account depth: a root is at depth 1. */
export const DEPTH_MAX = 8
export const METADATA_BYTES_MAX = 4096
export const ADDRESS_BYTES_MAX = 255
/** Holds released at the start of one batch; more wait for the next. */
export const RELEASES_PER_BATCH_MAX = 8_192
/** Commands of one request. */
export const COMMANDS_PER_BATCH_MAX = 8_190
export const U128_MAX = (1n << 128n) - 1n
export const U64_MAX = (1n << 64n) - 1n
export const NANOSECONDS_PER_SECOND = 1_000_000_000n
