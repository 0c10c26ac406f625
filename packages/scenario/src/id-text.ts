/** Ids in scenarios: a label stands for the hash of itself; numbers and `max` stand for themselves. */
import { U128_MAX } from '@tallystick/ledger'

const FNV_PRIME = 0x100000001b3n
const FNV_OFFSET = 0xcbf29ce484222325n
const LOW_64 = (1n << 64n) - 1n

/** Two FNV-1a hashes of 64 bits, one of the label and one of its reverse: spread over all 128 bits, and short to write. */
export function idOfLabel(label: string): bigint {
  const reversed = Array.from(label).reverse().join('')
  return (hash(`${reversed}.`) << 64n) | hash(label)
}

function hash(text: string): bigint {
  let value = FNV_OFFSET
  for (const character of text) {
    value = ((value ^ BigInt(character.codePointAt(0) ?? 0)) * FNV_PRIME) & LOW_64
  }
  return value
}

/** undefined: it is a label. */
export function literalId(word: string): bigint | undefined {
  if (word === 'max') return U128_MAX
  return /^\d+$/.test(word) ? BigInt(word) : undefined
}

/** The label of an id where it has one, else the number. */
export function nameOf(names: ReadonlyMap<bigint, string>, id: bigint): string {
  if (id === U128_MAX) return 'max'
  return names.get(id) ?? String(id)
}
