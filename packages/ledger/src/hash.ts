/**
 * Hash of a u128 into two independent u32: one finds a place in a table, the other is the tag kept there.
 * Seeded per process, so that nobody can choose ids that crowd one place.
 */

/** [0] place, [1] tag, after `hashId`. A module-level scratch: returning a pair would allocate. */
export const hashed = new Uint32Array(2)

/** @param at index in `u32` of the id's lowest word. */
export function hashId(u32: Uint32Array, at: number, seed: number): void {
  hashWords(u32[at] ?? 0, u32[at + 1] ?? 0, u32[at + 2] ?? 0, (u32[at + 3] ?? 0) ^ seed)
}

function hashWords(w0: number, w1: number, w2: number, w3: number): void {
  // Two rounds of multiply and fold over the words (constants of Murmur3); the tag takes another way through them.
  let a = Math.imul(w0 ^ w3, 0xcc9e2d51)
  a = Math.imul((a ^ (a >>> 15)) + w1, 0x1b873593)
  a = Math.imul((a ^ (a >>> 13)) + w2, 0x85ebca6b)
  a = Math.imul((a ^ (a >>> 16)) + w3, 0xc2b2ae35)
  a ^= a >>> 15
  let b = Math.imul(w2 + w3, 0x9e3779b1)
  b = Math.imul((b ^ (b >>> 14)) + w0, 0x85ebca77)
  b = Math.imul((b ^ (b >>> 15)) + w1 + a, 0xc2b2ae3d)
  b ^= b >>> 16
  hashed[0] = a >>> 0
  hashed[1] = b >>> 0
}
