/**
 * Hash of a u128 into two independent u32: one finds a place in a table, the other is the tag kept there.
 * Seeded per process, so that nobody can choose ids that crowd one place.
 */

/** [0] place, [1] tag, after `hashId`. A module-level scratch: returning a pair would allocate. */
export const hashed = new Uint32Array(2)

/** @param at index in `u32` of the id's lowest word. */
export function hashId(u32: Uint32Array, at: number, seed: number): void {
  const w0 = u32[at] as number
  const w1 = u32[at + 1] as number
  const w2 = u32[at + 2] as number
  const w3 = (u32[at + 3] as number) ^ seed
  const place = placeOf(w0 ^ w3, w1, w2, w3)
  hashed[0] = place >>> 0
  hashed[1] = tagOf(w2 + w3, w0, w1 + place) >>> 0
}

/** `count` ids, the first at u32 index `at`, each `step` words behind the one before. */
export interface IdSeries {
  readonly at: number
  readonly step: number
  readonly count: number
}

/**
 * Hashes ids into pairs of place and tag. Apart from what is
 * done with them: a loop that does nothing else lets many cache misses of the next one overlap (docs/decisions/0005).
 */
export function hashIds(u32: Uint32Array, ids: IdSeries, seed: number, into: Uint32Array): void {
  const end = ids.count * 2
  for (let to = 0, at = ids.at; to < end; to += 2, at += ids.step) {
    const w0 = u32[at] as number
    const w1 = u32[at + 1] as number
    const w2 = u32[at + 2] as number
    const w3 = (u32[at + 3] as number) ^ seed
    const place = placeOf(w0 ^ w3, w1, w2, w3)
    into[to] = place
    into[to + 1] = tagOf(w2 + w3, w0, w1 + place)
  }
}

// Two rounds of multiply and fold over the words (constants of Murmur3); the tag takes another way through them.
function placeOf(first: number, w1: number, w2: number, w3: number): number {
  let a = Math.imul(first, 0xcc9e2d51)
  a = Math.imul((a ^ (a >>> 15)) + w1, 0x1b873593)
  a = Math.imul((a ^ (a >>> 13)) + w2, 0x85ebca6b)
  a = Math.imul((a ^ (a >>> 16)) + w3, 0xc2b2ae35)
  return a ^ (a >>> 15)
}

function tagOf(first: number, w0: number, mixed: number): number {
  let b = Math.imul(first, 0x9e3779b1)
  b = Math.imul((b ^ (b >>> 14)) + w0, 0x85ebca77)
  b = Math.imul((b ^ (b >>> 15)) + mixed, 0xc2b2ae3d)
  return b ^ (b >>> 16)
}

/** The rank of ids that have no place in the order of ids: UUIDv8, which the server makes from references. */
export const NO_RANK = -1

/**
 * Where an id lies in the order of ids: its upper 53 bits, which begin with the time in UUIDv7 and ULID. A larger rank is a larger id, equal
 * ranks say nothing. @param at index in `u32` of the id's lowest word.
 */
export function rankOf(u32: Uint32Array, at: number): number {
  const upper = u32[at + 2] as number
  if ((upper & 0xf000) === 0x8000 && (u32[at + 1] as number) >>> 30 === 0b10) return NO_RANK
  return (u32[at + 3] as number) * 0x20_0000 + (upper >>> 11)
}
