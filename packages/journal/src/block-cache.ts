/** Verified blocks in one slab of memory; replaced by the clock algorithm. */
import { BLOCK_BYTES } from './limits.ts'

export class BlockCache {
  readonly #slots: number
  readonly #slab: Buffer
  readonly #slotOf = new Map<number, number>()
  readonly #keys: Float64Array
  readonly #used: Uint8Array
  #hand = 0

  constructor(bytes: number) {
    this.#slots = Math.max(1, Math.floor(bytes / BLOCK_BYTES))
    this.#slab = Buffer.alloc(this.#slots * BLOCK_BYTES)
    this.#keys = new Float64Array(this.#slots).fill(-1)
    this.#used = new Uint8Array(this.#slots)
  }

  /** Offset in `slab` of a block, or -1. */
  find(key: number): number {
    const slot = this.#slotOf.get(key)
    if (slot === undefined) return -1
    this.#used[slot] = 1
    return slot * BLOCK_BYTES
  }

  /** Offset in `slab` of a slot to load a block into; it counts only once `keep` has said that it holds. */
  claim(): number {
    while (this.#used[this.#hand] === 1) {
      this.#used[this.#hand] = 0
      this.#hand = (this.#hand + 1) % this.#slots
    }
    const old = this.#keys[this.#hand] ?? -1
    if (old !== -1) this.#slotOf.delete(old)
    this.#keys[this.#hand] = -1
    return this.#hand * BLOCK_BYTES
  }

  /** The block that was loaded at the offset that `claim` gave is verified. */
  keep(key: number): void {
    this.#keys[this.#hand] = key
    this.#slotOf.set(key, this.#hand)
    this.#hand = (this.#hand + 1) % this.#slots
  }

  /** The memory of all blocks. */
  get slab(): Buffer {
    return this.#slab
  }
}
