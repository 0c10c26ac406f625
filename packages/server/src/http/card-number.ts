/** Finds what looks like a payment card's number in free text: an append-only history could never forget it. */

/** A run of digits as cards are written: together, or in groups as they are embossed. Not inside a longer name or number. */
const RUN =
  /(?<![0-9A-Za-z_-]|\d\.)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![0-9A-Za-z_-])/g

/** Prefixes of the networks, with the lengths that they give out. */
const NETWORKS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(30[0-5]|309|36|38|39)/, [14, 15, 16, 17, 18, 19]],
  [/^35(2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
]

const DIGITS = /\d{4}/

/** Path of the first value that holds a card's number; undefined: none does. Names of fields count as text too. */
export function findCardNumber(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return hasCardNumber(value) ? path : undefined
  if (typeof value === 'number') return hasCardNumber(String(value)) ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, field] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`
    if (!Array.isArray(value) && hasCardNumber(name)) return path
    const found = findCardNumber(field, at)
    if (found !== undefined) return found
  }
  return undefined
}

function hasCardNumber(text: string): boolean {
  if (text.length < 13 || !DIGITS.test(text)) return false
  for (const [run] of text.matchAll(RUN)) {
    const digits = run.replaceAll(/[ -]/g, '')
    const isOfNetwork = NETWORKS.some(
      ([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits),
    )
    if (isOfNetwork && isLuhn(digits)) return true
  }
  return false
}

/** Luhn's check: from the right, every second digit doubled, the sum of all digits ends in 0. */
function isLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    const doubled = place % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
