/**
 * Ids as text: 128 bits as lower-case UUID text, request ids as `req_` and Crockford base32.
 *
 * The id of an account comes from its address: the first 16 bytes, as a little-endian u128, of SHA-256 over
 * `tallystick/account/v1`, a line feed, the address's length in decimal, a line feed, and the address. It is made where
 * there is a SHA-256; this package has none.
 */
import { assert } from '@tallystick/money'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const U128_MAX = (1n << 128n) - 1n

/** What is hashed for an account's id. */
export function accountIdInput(address: string): string {
  return `tallystick/account/v1\n${address.length}\n${address}`
}

/** 1n → `00000000-0000-0000-0000-000000000001`. */
export function formatId(id: bigint): string {
  assert(id >= 0n && id <= U128_MAX, 'an id has 128 bits')
  const hex = id.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** undefined: not an id; only the one spelling that `formatId` writes is one. */
export function parseId(text: string): bigint | undefined {
  return ID.test(text) ? BigInt(`0x${text.replaceAll('-', '')}`) : undefined
}

/** Crockford's base32 in upper case: without I, L, O and U, which look like others. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const REQUEST_ID = /^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const REQUEST_ID_DIGITS = 26

/** @param bytes 16, the most significant first. */
export function formatRequestId(bytes: Uint8Array): string {
  assert(bytes.length === 16, 'a request id has 16 bytes')
  let text = ''
  let bits = 0
  // 26 digits hold 130 bits: the first digit begins with two zeros.
  let held = 2
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff
    held += 8
    while (held >= 5) {
      held -= 5
      text += DIGITS.charAt((bits >>> held) & 31)
    }
  }
  return `req_${text}`
}

/** undefined: not a request id. */
export function parseRequestId(text: string): Uint8Array | undefined {
  if (!REQUEST_ID.test(text)) return undefined
  const bytes = new Uint8Array(16)
  let bits = 0
  let held = -2
  let at = 0
  for (let digit = 0; digit < REQUEST_ID_DIGITS; digit++) {
    bits = ((bits << 5) | DIGITS.indexOf(text.charAt(4 + digit))) & 0x1fff
    held += 5
    if (held < 8) continue
    held -= 8
    bytes[at++] = bits >>> held
  }
  return bytes
}
