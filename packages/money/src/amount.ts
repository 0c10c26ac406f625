/** Amounts: integer minor units from 0 to 2^128 − 1, and the one text form that crosses the wire. */
import { assert } from './assert.ts'

export const U128_MAX = (1n << 128n) - 1n

// Exactly one spelling per amount. 39 digits hold 2^128 − 1 and some numbers above it.
const AMOUNT = /^(0|[1-9][0-9]{0,38})$/

export function isAmount(value: bigint): boolean {
  return value >= 0n && value <= U128_MAX
}

export function parseAmount(text: string): bigint | undefined {
  if (!AMOUNT.test(text)) return undefined
  const amount = BigInt(text)
  return amount <= U128_MAX ? amount : undefined
}

export function formatAmount(amount: bigint): string {
  assert(isAmount(amount), 'an amount lies between 0 and 2^128 - 1')
  return amount.toString()
}
