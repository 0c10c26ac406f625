/**
 * A hash table from u128 ids to u32 values, 8 bytes a slot: a tag of 32 bits and the value. It holds no ids, so
 * a tag is a strong hint and no proof: who gets a candidate compares the id with the one in the row or record.
 */
import { assert } from '@tallystick/money'
import { hashed, hashId } from './hash.ts'

const SHARD_BITS = 6
const SHARDS = 1 << SHARD_BITS
const SLOTS_MIN = 64

export class TagTable {
  readonly #seed: number
  readonly #shards: Uint32Array[] = []
  readonly #counts = new Uint32Array(SHARDS)
  #count = 0
  /** Where the last `first` or `next` stopped. */
  #table: Uint32Array
  #slot = 0
  #tag = 0

  /** @param slots room to begin with. */
  constructor(seed: number, slots = 0) {
    this.#seed = seed
    const perShard = Math.max(SLOTS_MIN, 2 ** Math.ceil(Math.log2(slots / SHARDS + 1)))
    for (let shard = 0; shard < SHARDS; shard++) this.#shards.push(new Uint32Array(perShard * 2))
    this.#table = this.#shards[0] as Uint32Array
  }

  get count(): number {
    return this.#count
  }

  /** The first candidate for the id at u32 index `at`; 0 = none. Go on with `next` while it is not the id's. */
  first(u32: Uint32Array, at: number): number {
    hashId(u32, at, this.#seed)
    return this.firstHashed(hashed[0] as number, hashed[1] as number)
  }

  /** The same for an id whose hash is known. */
  firstHashed(place: number, tag: number): number {
    this.#table = this.#shards[place & (SHARDS - 1)] as Uint32Array
    this.#tag = tag
    this.#slot = tag
    return this.#scan()
  }

  next(): number {
    this.#slot++
    return this.#scan()
  }

  /**
   * What lies where the id would be. Asking for many before the first is needed lets their cache misses overlap,
   * which is most of what a table too large for the cache costs (bench/apply).
   */
  peek(place: number, tag: number): number {
    const table = this.#shards[place & (SHARDS - 1)] as Uint32Array
    return table[(tag & ((table.length >>> 1) - 1)) * 2 + 1] as number
  }

  #scan(): number {
    const table = this.#table
    const mask = (table.length >>> 1) - 1
    const tag = this.#tag
    // Ends: a shard is never fuller than 0.55.
    for (let slot = this.#slot & mask; ; slot = (slot + 1) & mask) {
      const value = table[slot * 2 + 1] ?? 0
      if (value === 0) return 0
      if (table[slot * 2] === tag) {
        this.#slot = slot
        return value
      }
    }
  }

  /** Adds the id at u32 index `at`, which is not there yet, with a value that is not 0. */
  add(u32: Uint32Array, at: number, value: number): void {
    hashId(u32, at, this.#seed)
    this.addHashed(hashed[0] as number, hashed[1] as number, value)
  }

  /** The same for an id whose hash is known. */
  addHashed(place: number, tag: number, value: number): void {
    const shard = place & (SHARDS - 1)
    const table = this.#shards[shard] as Uint32Array
    insert(table, tag, value)
    this.#count++
    const count = (this.#counts[shard] ?? 0) + 1
    this.#counts[shard] = count
    // Shards grow at loads from 0.40 to 0.55, each at its own, so that they do not all grow in one batch.
    if (count > (table.length >>> 1) * (0.4 + (0.15 * shard) / SHARDS)) {
      this.#shards[shard] = widened(table)
    }
  }

  /** Takes the id with that value out again. */
  remove(u32: Uint32Array, at: number, value: number): void {
    hashId(u32, at, this.#seed)
    const shard = (hashed[0] ?? 0) & (SHARDS - 1)
    const table = this.#shards[shard] as Uint32Array
    const mask = (table.length >>> 1) - 1
    let slot = (hashed[1] ?? 0) & mask
    while ((table[slot * 2 + 1] ?? 0) !== value) {
      assert((table[slot * 2 + 1] ?? 0) !== 0, 'what is removed is in the table')
      slot = (slot + 1) & mask
    }
    closeGap(table, slot)
    this.#count--
    this.#counts[shard] = (this.#counts[shard] ?? 0) - 1
  }
}

/** The tag is also the place, so that a table grows and closes gaps without reading an id again. */
function insert(table: Uint32Array, tag: number, value: number): void {
  const mask = (table.length >>> 1) - 1
  let slot = tag & mask
  while ((table[slot * 2 + 1] ?? 0) !== 0) slot = (slot + 1) & mask
  table[slot * 2] = tag
  table[slot * 2 + 1] = value
}

function widened(old: Uint32Array): Uint32Array {
  const table = new Uint32Array(old.length * 2)
  for (let at = 0; at < old.length; at += 2) {
    const value = old[at + 1] ?? 0
    if (value !== 0) insert(table, old[at] ?? 0, value)
  }
  return table
}

/** Empties a slot and moves back whatever would no longer be found behind it. */
function closeGap(table: Uint32Array, slot: number): void {
  const mask = (table.length >>> 1) - 1
  let gap = slot
  for (let at = (gap + 1) & mask; (table[at * 2 + 1] ?? 0) !== 0; at = (at + 1) & mask) {
    const home = (table[at * 2] ?? 0) & mask
    if (((at - home) & mask) < ((at - gap) & mask)) continue
    table[gap * 2] = table[at * 2] ?? 0
    table[gap * 2 + 1] = table[at * 2 + 1] ?? 0
    gap = at
  }
  table[gap * 2] = 0
  table[gap * 2 + 1] = 0
}
