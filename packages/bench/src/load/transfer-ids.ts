/** Ids of transfers as four words, the lowest first: like UUIDv7, or random throughout. */
import type { Xorshift } from './random.ts'

/** `time`: UUIDv7, rising. `random`: all 128 bits are. */
export type IdOrder = 'time' | 'random'

/** 12 bits count the ids of one millisecond; the next one is borrowed when they are used up. */
const COUNTER_MAX = 0xfff
const VERSION_7 = 0x7000
const VARIANT = 0x8000_0000

export class TransferIds {
  readonly words = new Uint32Array(4)
  readonly #random: Xorshift
  readonly #order: IdOrder
  #ms = 0
  #counter = 0

  constructor(random: Xorshift, order: IdOrder) {
    this.#random = random
    this.#order = order
  }

  /** Looks at the clock: once per request is enough. */
  begin(): void {
    const now = Date.now()
    if (now <= this.#ms) return
    this.#ms = now
    this.#counter = 0
  }

  next(): void {
    const { words } = this
    const random = this.#random
    words[0] = random.u32()
    if (this.#order === 'random') {
      words[1] = random.u32()
      words[2] = random.u32()
      // Neither 0 nor 2^128 − 1, which are no ids.
      words[3] = (random.u32() >>> 1) | 1
      return
    }
    if (this.#counter === COUNTER_MAX) {
      this.#ms++
      this.#counter = 0
    } else this.#counter++
    words[1] = VARIANT | (random.u32() >>> 2)
    words[2] = ((this.#ms % 0x1_0000) << 16) | VERSION_7 | this.#counter
    words[3] = Math.floor(this.#ms / 0x1_0000)
  }
}
