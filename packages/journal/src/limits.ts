/** Named limits and sizes of the journal, with the assertions that relate them. */
import assert from 'node:assert/strict'

/** Length of a segment's header; the first frame begins here. */
export const SEGMENT_HEADER_BYTES = 4_096

/** Length of a frame's header; a group's body begins here. */
export const FRAME_HEADER_BYTES = 48

/** Bytes of a body that one checksum of the block table covers. */
export const BLOCK_BYTES = 4_096

/** Default size beyond which no segment grows. */
export const SEGMENT_BYTES = 256 * 1024 * 1024

/** Default length of a group buffer: a whole frame, header and block table included. */
export const GROUP_BYTES = 8 * 1024 * 1024

/** Default number of group buffers: one on its way to disk, one waiting, one being filled. */
export const GROUPS = 3

/** Space is zero-filled ahead of the tail in steps of this many bytes; a group that arrives waits for one at most. */
export const RESERVE_STEP_BYTES = 1024 * 1024

/** What the writer thread reserves beyond the necessary while nothing waits for it. */
export const RESERVE_SPARE_BYTES = 16 * 1024 * 1024

/** The sparse index has a point at the first frame after each so many bytes of a segment. */
export const INDEX_SPACING_BYTES = 64 * 1024

/** Sequences are numbers here, u64 on disk: at a million a second they last for 285 years. */
export const SEQUENCE_MAX = Number.MAX_SAFE_INTEGER

/** Bytes that a frame with a body of `bodyBytes` takes on disk. */
export function frameBytes(bodyBytes: number): number {
  return FRAME_HEADER_BYTES + align8(bodyBytes) + align8(4 * blockCount(bodyBytes))
}

/** Number of checksummed blocks of a body. */
export function blockCount(bodyBytes: number): number {
  return Math.ceil(bodyBytes / BLOCK_BYTES)
}

/** The longest body whose frame fits into a group buffer of `groupBytes`. */
export function bodyBytesMax(groupBytes: number): number {
  let body = groupBytes - FRAME_HEADER_BYTES - 4 * blockCount(groupBytes) - 8
  body -= body % 8
  assert(body > 0)
  assert(frameBytes(body) <= groupBytes)
  return body
}

/** Rounds up to a multiple of 8: everything in a segment begins at one. */
export function align8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

assert(SEGMENT_BYTES >= SEGMENT_HEADER_BYTES + (GROUPS + 1) * GROUP_BYTES)
