/**
 * A hash table from u128 ids to u32 values, 8 bytes a slot: a tag of 32 bits and the value. It holds no ids, so
 * a tag is a strong hint and no proof: who gets a candidate compares the id with the one in the row or record.
 */
import { assert } from '@tallystick/money'
import { hashed, hashId } from './hash.ts'

/** Hashes of ids as `hashIds` gives them: place at `index * 2`, tag behind it. */
export type Hashes = Uint32Array

const SHARD_BITS = 6
const SHARDS = 1 << SHARD_BITS
const SLOTS_MIN = 64

export class TagTable {
  readonly #seed: number
  readonly #shards: Uint32Array[] = []
  /**
   * Where shards lie, by their length: all of one length in one piece. Memory of its own for each would be too small for huge pages, and a
   * random access then waits for the page table too. A piece goes when its last shard has grown out of it.
   */
  readonly #pieces = new Map<number, { readonly memory: Uint32Array; shards: number }>()
  readonly #counts = new Uint32Array(SHARDS)
  #count = 0
  /** Where the last `first` or `next` stopped. */
  #table: Uint32Array
  #slot = 0
  #tag = 0

  /** @param slots room to begin with. */
  constructor(seed: number, slots = SLOTS_MIN * SHARDS) {
    this.#seed = seed
    const perShard = Math.max(SLOTS_MIN, 2 ** Math.ceil(Math.log2(slots / SHARDS)))
    for (let shard = 0; shard < SHARDS; shard++) this.#shards.push(this.#room(shard, perShard * 2))
    this.#table = this.#shards[0] as Uint32Array
  }

  /** Room for a shard of that many words, all zeros. */
  #room(shard: number, words: number): Uint32Array {
    const piece = this.#pieces.get(words) ?? { memory: new Uint32Array(words * SHARDS), shards: 0 }
    this.#pieces.set(words, piece)
    piece.shards++
    return piece.memory.subarray(shard * words, (shard + 1) * words)
  }

  #leave(words: number): void {
    const piece = this.#pieces.get(words)
    if (piece !== undefined && --piece.shards === 0) this.#pieces.delete(words)
  }

  /** Room in all shards. */
  get slots(): number {
    return this.#shards.reduce((sum, { length }) => sum + length / 2, 0)
  }

  /** Takes everything out; the room stays. */
  clear(): void {
    for (const shard of this.#shards) shard.fill(0)
    this.#counts.fill(0)
    this.#count = 0
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
   * Reads what lies where ids of the hashes `from` to `to` would be. Asking for many before the first is needed lets their
   * cache misses overlap, which is most of what a table too large for the cache costs (bench/apply).
   */
  peek(hashes: Hashes, from: number, to: number): number {
    const shards = this.#shards
    let sink = 0
    for (let at = from * 2; at < to * 2; at += 2) {
      const table = shards[(hashes[at] as number) & (SHARDS - 1)] as Uint32Array
      sink |= table[((hashes[at + 1] as number) & ((table.length >>> 1) - 1)) * 2 + 1] as number
    }
    return sink
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

  /** The slot that a new id of that hash would take; -1 when the tag is there already, be it the id's or another's. */
  vacancy(place: number, tag: number): number {
    const table = this.#shards[place & (SHARDS - 1)] as Uint32Array
    const mask = (table.length >>> 1) - 1
    let slot = tag & mask
    while (table[slot * 2 + 1] !== 0) {
      if (table[slot * 2] === tag) return -1
      slot = (slot + 1) & mask
    }
    return slot
  }

  /** Adds an id of that hash in the slot that `vacancy` has just found for it. */
  fill(place: number, { tag, slot, value }: { tag: number; slot: number; value: number }): void {
    const shard = place & (SHARDS - 1)
    const table = this.#shards[shard] as Uint32Array
    table[slot * 2] = tag
    table[slot * 2 + 1] = value
    this.#added(shard, table)
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
    this.#added(shard, table)
  }

  #added(shard: number, table: Uint32Array): void {
    this.#count++
    const count = (this.#counts[shard] ?? 0) + 1
    this.#counts[shard] = count
    // Shards grow at loads from 0.40 to 0.55, each at its own, so that they do not all grow in one batch.
    if (count > (table.length >>> 1) * (0.4 + (0.15 * shard) / SHARDS)) {
      const wider = this.#room(shard, table.length * 2)
      move(table, wider)
      this.#leave(table.length)
      this.#shards[shard] = wider
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
  while (table[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
  table[slot * 2] = tag
  table[slot * 2 + 1] = value
}

function move(from: Uint32Array, to: Uint32Array): void {
  for (let at = 0; at < from.length; at += 2) {
    const value = from[at + 1] as number
    if (value !== 0) insert(to, from[at] as number, value)
  }
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
