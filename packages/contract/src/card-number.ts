/** Finds what looks like a payment card's number: an append-only history could never forget it. */

/** First digits and lengths of the card networks. */
const NETWORKS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(6011|64[4-9]|65)/, [16, 19]],
  [/^(30[0-5]|36|38|39)/, [14, 16, 19]],
  [/^35(2[89]|[3-8])/, [16, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]],
]

/** Digits, with single spaces or dashes between them as people write them, and no digit or letter at either end. */
const CANDIDATE = /(?<![\p{L}\p{N}])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}])/gu

export function hasCardNumber(text: string): boolean {
  for (const [found] of text.matchAll(CANDIDATE)) {
    if (isCardNumber(found.replaceAll(/[ -]/g, ''))) return true
  }
  return false
}

/**
 * Where in metadata there is one: names and texts at any depth, and numbers. Ids, references and addresses are not asked:
 * they are names that people chose. @returns the field, like `metadata.note`; undefined: none.
 */
export function cardNumberIn(value: unknown, param = 'metadata'): string | undefined {
  if (typeof value === 'string') return hasCardNumber(value) ? param : undefined
  if (typeof value === 'number') return hasCardNumber(String(value)) ? param : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, field] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${param}[${name}]` : `${param}.${name}`
    if (hasCardNumber(name)) return param
    const found = cardNumberIn(field, path)
    if (found !== undefined) return found
  }
  return undefined
}

function isCardNumber(digits: string): boolean {
  const known = NETWORKS.some(
    ([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits),
  )
  return known && isLuhnValid(digits)
}

/** Every second digit from the right counts twice; the sum of all digits ends in 0. */
function isLuhnValid(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits.at(-1 - place))
    const counted = place % 2 === 0 ? digit : digit * 2
    sum += counted > 9 ? counted - 9 : counted
  }
  return sum % 10 === 0
}
