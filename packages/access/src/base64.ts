/** Bytes as base64 (RFC 4648): the pure packages have no Buffer. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (byteOf(bytes, at) << 16) | (byteOf(bytes, at + 1) << 8) | byteOf(bytes, at + 2)
    const left = bytes.length - at
    text += DIGITS.charAt(word >>> 18) + DIGITS.charAt((word >>> 12) & 63)
    text += left > 1 ? DIGITS.charAt((word >>> 6) & 63) : '='
    text += left > 2 ? DIGITS.charAt(word & 63) : '='
  }
  return text
}

function byteOf(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
