/** Hexadecimal digits of ids, between bytes of text and numbers, without a text in between. */

const NO_DIGIT = Number.NaN
const DIGITS = '0123456789abcdef'

/** Float64, so that what is no digit can spoil the sum: the one spelling of ids is lower case. */
const VALUES = new Float64Array(256).fill(NO_DIGIT)
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value

/** NaN when one of them is no lower-case digit. @param count at most 8. */
export function hexDigits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = at; index < at + count; index++) {
    value = value * 16 + (VALUES[bytes[index] as number] as number)
  }
  return value
}
