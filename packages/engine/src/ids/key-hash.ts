/**
 * Hash of a u128 key for filters and tables: two independent u32. Seeded, so that nobody can choose keys that
 * crowd one place; the seed is kept with the files that depend on it.
 */

/** [0] place, [1] bits, after `hashKey`. A module-level scratch: returning a pair would allocate. */
export const hashed = new Uint32Array(2)

/** @param at index in `words` of the key's lowest word. */
export function hashKey(words: Uint32Array, at: number, seed: number): void {
  const w0 = words[at] ?? 0
  const w1 = words[at + 1] ?? 0
  const w2 = words[at + 2] ?? 0
  const w3 = words[at + 3] ?? 0
  // Rounds of Murmur3 over the four words, then its finish; the second lane folds the first in again.
  let a = round(round(round(round(seed, w0), w1), w2), w3)
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
  a = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  a ^= a >>> 16
  let b = round(round(a ^ 0x9e3779b9, w2 ^ (w0 << 7)), w3 ^ w1)
  b = Math.imul(b ^ (b >>> 15), 0x2c1b3c6d)
  b = Math.imul(b ^ (b >>> 12), 0x297a2d39)
  b ^= b >>> 15
  hashed[0] = a >>> 0
  hashed[1] = b >>> 0
}

function round(state: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const mixed = state ^ k
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}
