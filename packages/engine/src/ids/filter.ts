/**
 * Split-block Bloom filter over the keys of many runs: a key sets one bit in each of the eight words of one
 * 32-byte block, so that the question costs one cache miss. It lies in shared memory: the sealing thread
 * adds keys while the main thread asks; bits are only ever set, and keys count once their run is published.
 */
import { FILTER_BITS_PER_KEY, FILTER_KEYS_MAX, FILTER_KEYS_MIN, FILTER_OVERFILL } from './limits.ts'
import { hashed, hashKey } from './key-hash.ts'

const BLOCK_WORDS = 8
const BLOCK_BITS = BLOCK_WORDS * 32
const KEYS_PER_BLOCK = BLOCK_BITS / FILTER_BITS_PER_KEY

/** Odd constants of Parquet's split-block filter, one for each word of a block. */
const SALT_0 = 0x47b6137b
const SALT_1 = 0x44974d91
const SALT_2 = 0x8824ad5b
const SALT_3 = 0xa2b7289d
const SALT_4 = 0x705495c7
const SALT_5 = 0x2df1424b
const SALT_6 = 0x9efc4947
const SALT_7 = 0x5c6bfb31

export class Filter {
  readonly words: Uint32Array
  readonly seed: number
  /** Keys added. */
  count: number
  readonly #mask: number

  /** @param buffer a power of two of 32-byte blocks. */
  constructor(buffer: SharedArrayBuffer, seed: number, count: number) {
    this.words = new Uint32Array(buffer)
    this.seed = seed
    this.count = count
    this.#mask = this.words.length / BLOCK_WORDS - 1
  }

  /** An empty filter with room for at least `keys`, a power of two. */
  static withRoom(keys: number, seed: number): Filter {
    const wanted = Math.min(Math.max(keys, FILTER_KEYS_MIN), FILTER_KEYS_MAX)
    const room = 2 ** Math.ceil(Math.log2(wanted))
    return new Filter(new SharedArrayBuffer((room / KEYS_PER_BLOCK) * BLOCK_WORDS * 4), seed, 0)
  }

  /** Keys for which it was made. */
  get room(): number {
    return this.blocks * KEYS_PER_BLOCK
  }

  /** A power of two; a key's block is given by the lower bits of its place. */
  get blocks(): number {
    return this.#mask + 1
  }

  takes(keys: number): boolean {
    return this.count + keys <= this.room * FILTER_OVERFILL
  }

  /** @param at index in `words` of the key's lowest word, here and below. */
  add(key: Uint32Array, at: number): void {
    hashKey(key, at, this.seed)
    this.addHashed(hashed[0] ?? 0, hashed[1] ?? 0)
  }

  /** Adds a key by what `hashKey` made of it. */
  addHashed(place: number, bits: number): void {
    const block = (place & this.#mask) * BLOCK_WORDS
    this.#set(block, bits, SALT_0)
    this.#set(block + 1, bits, SALT_1)
    this.#set(block + 2, bits, SALT_2)
    this.#set(block + 3, bits, SALT_3)
    this.#set(block + 4, bits, SALT_4)
    this.#set(block + 5, bits, SALT_5)
    this.#set(block + 6, bits, SALT_6)
    this.#set(block + 7, bits, SALT_7)
    this.count++
  }

  #set(word: number, bits: number, salt: number): void {
    this.words[word] = (this.words[word] ?? 0) | (1 << (Math.imul(bits, salt) >>> 27))
  }

  /** False: certainly none. `hashKey(key, at, seed)` has just been called. */
  mayHaveHashed(): boolean {
    const block = ((hashed[0] ?? 0) & this.#mask) * BLOCK_WORDS
    const bits = hashed[1] ?? 0
    return (
      this.#has(block, bits, SALT_0) &&
      this.#has(block + 1, bits, SALT_1) &&
      this.#has(block + 2, bits, SALT_2) &&
      this.#has(block + 3, bits, SALT_3) &&
      this.#has(block + 4, bits, SALT_4) &&
      this.#has(block + 5, bits, SALT_5) &&
      this.#has(block + 6, bits, SALT_6) &&
      this.#has(block + 7, bits, SALT_7)
    )
  }

  #has(word: number, bits: number, salt: number): boolean {
    return ((this.words[word] ?? 0) & (1 << (Math.imul(bits, salt) >>> 27))) !== 0
  }

  mayHave(key: Uint32Array, at: number): boolean {
    hashKey(key, at, this.seed)
    return this.mayHaveHashed()
  }
}
