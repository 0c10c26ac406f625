/**
 * The newest look-up keys of requests, in memory and exact: u128 → sequence of the first request that used it. In
 * generations like the ledger's ids, so that what a sealed run has taken over can be forgotten at once.
 *
 * A generation is 256 small open-addressing tables that double one by one: at eight million keys the longest pause is that
 * of moving 32,768 entries. They double at different loads, so that they do not all do so in one moment.
 */
import { hashed, hashKey } from './key-hash.ts'

const SHARDS = 256
const SLOTS_MIN = 16
const SLOT_WORDS = 6
const WORD = 0x1_0000_0000

/** Six words per slot: the key's four, then the sequence's two; sequence 0 = free. */
class Shard {
  #words: Uint32Array = new Uint32Array(SLOTS_MIN * SLOT_WORDS)
  #slots = SLOTS_MIN
  #count = 0
  readonly #seed: number
  readonly #loadMax: number

  constructor(seed: number, loadMax: number) {
    this.#seed = seed
    this.#loadMax = loadMax
  }

  /** @param home hash of the key. @returns false: the key was there before, and its sequence stays. */
  add(key: Uint32Array, home: number, sequence: number): boolean {
    if (this.#count >= this.#slots * this.#loadMax) this.#double()
    const at = this.#place(key, home)
    if (this.#sequenceAt(at) !== 0) return false
    for (let word = 0; word < 4; word++) this.#words[at + word] = key[word] as number
    this.#words[at + 4] = sequence >>> 0
    this.#words[at + 5] = Math.floor(sequence / WORD)
    this.#count++
    return true
  }

  find(key: Uint32Array, home: number): number {
    return this.#sequenceAt(this.#place(key, home))
  }

  #sequenceAt(at: number): number {
    return (this.#words[at + 4] ?? 0) + (this.#words[at + 5] ?? 0) * WORD
  }

  /** Word index of the key's slot, or of the free one where it would go. There is always a free one: loads stay below 1. */
  #place(key: Uint32Array, home: number): number {
    const mask = this.#slots - 1
    for (let slot = home & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_WORDS
      if (this.#sequenceAt(at) === 0 || this.#has(at, key)) return at
    }
  }

  #has(at: number, key: Uint32Array): boolean {
    const words = this.#words
    return (
      words[at] === key[0] &&
      words[at + 1] === key[1] &&
      words[at + 2] === key[2] &&
      words[at + 3] === key[3]
    )
  }

  #double(): void {
    const before = this.#words
    this.#slots *= 2
    const words = new Uint32Array(this.#slots * SLOT_WORDS)
    this.#words = words
    for (let from = 0; from < before.length; from += SLOT_WORDS) {
      if (before[from + 4] === 0 && before[from + 5] === 0) continue
      hashKey(before, from, this.#seed)
      const to = this.#free(hashed[0] as number)
      for (let word = 0; word < SLOT_WORDS; word++) words[to + word] = before[from + word] as number
    }
  }

  /** Word index of the free slot for a key that is not here. */
  #free(home: number): number {
    const mask = this.#slots - 1
    let slot = home & mask
    while (this.#sequenceAt(slot * SLOT_WORDS) !== 0) slot = (slot + 1) & mask
    return slot * SLOT_WORDS
  }
}

class Generation {
  /** The sequence before the first that it knows. */
  readonly base: number
  readonly shards: readonly Shard[]
  count = 0

  constructor(base: number, seed: number) {
    this.base = base
    this.shards = Array.from(
      { length: SHARDS },
      (_, i) => new Shard(seed, 0.45 + (0.3 * i) / SHARDS),
    )
  }
}

export class KeyTable {
  readonly #seed: number
  /** Newest first; never empty. */
  #generations: Generation[]
  readonly #key = new Uint32Array(4)
  readonly #limbs = new BigUint64Array(this.#key.buffer)

  constructor(seed: number, base = 0) {
    this.#seed = seed
    this.#generations = [new Generation(base, seed)]
  }

  /** Keys in the newest generation. */
  get count(): number {
    return (this.#generations[0] as Generation).count
  }

  /** Remembers the sequence (> 0) of the first event of a request. A key that is known keeps its first request. */
  add(low: bigint, high: bigint, sequence: number): void {
    this.#hash(low, high)
    const home = hashed[0] ?? 0
    const shard = (hashed[1] ?? 0) % SHARDS
    for (let older = 1; older < this.#generations.length; older++) {
      if (this.#generations[older]?.shards[shard]?.find(this.#key, home) !== 0) return
    }
    const newest = this.#generations[0] as Generation
    if (newest.shards[shard]?.add(this.#key, home, sequence) === true) newest.count++
  }

  /** Sequence of the first event of the first request with that key, as far as it is in memory; 0: none. */
  find(low: bigint, high: bigint): number {
    this.#hash(low, high)
    const home = hashed[0] ?? 0
    const shard = (hashed[1] ?? 0) % SHARDS
    for (const generation of this.#generations) {
      const sequence = generation.shards[shard]?.find(this.#key, home) ?? 0
      if (sequence !== 0) return sequence
    }
    return 0
  }

  #hash(low: bigint, high: bigint): void {
    this.#limbs[0] = low
    this.#limbs[1] = high
    hashKey(this.#key, 0, this.#seed)
  }

  /** Starts a new generation behind `lastSequence`. */
  rotate(lastSequence: number): void {
    this.#generations.unshift(new Generation(lastSequence, this.#seed))
  }

  /** Forgets the generations that know nothing behind `throughSequence`. The newest stays. */
  drop(throughSequence: number): void {
    this.#generations = this.#generations.filter((_, index) => {
      const younger = this.#generations[index - 1]
      return younger === undefined || younger.base > throughSequence
    })
  }
}
