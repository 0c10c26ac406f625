/** The pieces of the newest segment. Small ones gather while a journal is followed, and are put together again as they become many. */
import type { PieceEntry } from './manifest.ts'

/** Bytes of a piece, unless a single frame is longer. */
export const PIECE_BYTES = 16 * 1024 * 1024

/** Pieces of one segment that are not full, above which some are put together. */
export const SMALL_PIECES_MAX = 32

/**
 * How many of the first pieces stay as they are when the rest becomes one; all of them when nothing is to be done. A piece joins
 * those behind it as long as it is no larger than they are together, so each byte is written again a few times, not once for each piece.
 */
export function piecesToKeep(pieces: readonly Pick<PieceEntry, 'bytes'>[]): number {
  const small = pieces.length - pieces.findLastIndex(({ bytes }) => bytes > PIECE_BYTES / 2) - 1
  if (small <= SMALL_PIECES_MAX) return pieces.length
  let sum = 0
  for (let kept = pieces.length; kept > 0; kept--) {
    const { bytes } = pieces[kept - 1] ?? { bytes: 0 }
    const isLast = kept === pieces.length
    if (!isLast && (bytes > sum || sum + bytes > PIECE_BYTES)) return kept
    sum += bytes
  }
  return 0
}
