/** How amounts, times and metadata are written in scenarios, and read again. */
import { U128_MAX } from '@tallystick/ledger'

const UNITS: Record<string, bigint> = {
  '': 1n,
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
}

/** `500`, `1_000`, `max`, `max-1`; undefined: not an amount. */
export function readAmount(word: string): bigint | undefined {
  const fromTop = /^max(?:-([\d_]+))?$/.exec(word)
  if (fromTop !== null) return U128_MAX - BigInt((fromTop[1] ?? '0').replaceAll('_', ''))
  return /^\d[\d_]*$/.test(word) ? BigInt(word.replaceAll('_', '')) : undefined
}

/** The shorter way to write it: amounts near the top count from there. */
export function writeAmount(amount: bigint): string {
  if (amount === U128_MAX) return 'max'
  const below = U128_MAX - amount
  return below >= 0n && below < 1_000_000n ? `max-${below}` : String(amount)
}

/** ns: `1000`, `5s`, `2026-01-01T00:00:00Z`; undefined: not a time. */
export function readTime(word: string): bigint | undefined {
  const counted = /^(\d[\d_]*)([a-z]*)$/.exec(word)
  const unit = UNITS[counted?.[2] ?? '?']
  if (counted?.[1] !== undefined && unit !== undefined) {
    return BigInt(counted[1].replaceAll('_', '')) * unit
  }
  const milliseconds = /^\d{4}-\d\d-\d\dT/.test(word) ? Date.parse(word) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n
}

/** A date from 1973 on, where `readTime` reads it back; otherwise nanoseconds. */
export function writeTime(nanoseconds: bigint): string {
  const isDate = nanoseconds >= 10n ** 17n && nanoseconds % 1_000_000n === 0n
  if (!isDate) return `${nanoseconds} ns`
  return new Date(Number(nanoseconds / 1_000_000n)).toISOString().replace('.000Z', 'Z')
}

/** Text as it is, or bytes as `0x…`. */
export function readMetadata(word: string): Uint8Array {
  const hex = /^0x((?:[0-9a-f]{2})*)$/.exec(word)?.[1]
  if (hex === undefined) return new TextEncoder().encode(word)
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Text where it can be read back from one word, else bytes. */
export function writeMetadata(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  return /^[!-~]*$/.test(text) && !/[#=]|^0x|^->$/.test(text) ? text : writeBytes(bytes)
}

export const writeBytes = (bytes: Uint8Array): string =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
