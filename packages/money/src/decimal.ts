/**
 * Decimal text to minor units and back, exactly. For people and for files they exchange; between programs
 * an amount is an integer (`amount.ts`).
 */
import { U128_MAX } from './amount.ts'
import { assert } from './assert.ts'
import { ASSET_SCALE_MAX } from './asset.ts'

/** Longer text is refused unread: making a bigint of it costs more than its length. */
export const DECIMAL_LENGTH_MAX = 128

const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/

/**
 * `'12.34'` at scale 2 is 1234n. Digits beyond the scale are refused unless they are zeros, as rounding is
 * not ours to do; so are grouping, exponents, a plus sign and magnitudes above 2^128 − 1.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  assertScale(scale)
  if (text.length > DECIMAL_LENGTH_MAX) return undefined
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? []
  if (sign === undefined) return undefined
  if (/[1-9]/.test(fraction.slice(scale))) return undefined
  const magnitude = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  if (magnitude > U128_MAX) return undefined
  return sign === '-' ? -magnitude : magnitude
}

/** 1234n at scale 2 is `'12.34'`: as many digits after the point as the scale, and no point at scale 0. */
export function formatDecimal(minor: bigint, scale: number): string {
  assertScale(scale)
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  if (scale === 0) return sign + digits
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function assertScale(scale: number): void {
  assert(Number.isInteger(scale) && scale >= 0 && scale <= ASSET_SCALE_MAX, 'scale out of range')
}
