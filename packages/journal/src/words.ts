/** Little-endian 64-bit words as numbers: sequences and offsets stay far below 2^53. */

const WORD = 2 ** 32

/** Reads a u64; NaN when it is not exact as a number, so that every comparison with it fails. */
export function readU64(view: DataView, offset: number): number {
  const high = view.getUint32(offset + 4, true)
  if (high >= 2 ** 21) return Number.NaN
  return high * WORD + view.getUint32(offset, true)
}

export function writeU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % WORD, true)
  view.setUint32(offset + 4, Math.floor(value / WORD), true)
}

/** A DataView over the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
