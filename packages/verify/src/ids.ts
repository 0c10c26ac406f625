/** Ids as text, and the account id that an address gives. */
import { toHex } from './bytes.ts'
import { sha256 } from './sha256.ts'

/** Crockford's base32: without I, L, O and U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ID_SIZE = 16

/** A u128 as lower-case UUID text. */
export function formatId(id: bigint): string {
  const hex = id.toString(16).padStart(32, '0')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

/** @param bytes 16, the most significant first. @returns `req_` and 26 digits of Crockford's base32 */
export function formatRequestId(bytes: Uint8Array): string {
  let rest = BigInt(`0x${toHex(bytes)}`)
  let text = ''
  for (let digit = 0; digit < 26; digit++) {
    text = DIGITS.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return `req_${text}`
}

/**
 * The id of the account with this address, a u128: the first 16 bytes, little-endian, of SHA-256 over
 * `tallystick/account/v1`, a line feed, the address's length in decimal, a line feed, and the address.
 */
export function accountIdOf(address: string): bigint {
  const input = `tallystick/account/v1\n${address.length}\n${address}`
  const bytes = sha256(new TextEncoder().encode(input)).subarray(0, ID_SIZE)
  return BigInt(`0x${toHex(bytes.toReversed())}`)
}
