/**
 * Sorts some thousand accounts by address. The next 39 bits of a key from where the addresses first differ, and its place in
 * the list in the lower 14 bits, make one number; these are sorted natively. What agrees in these bits is sorted by the next.
 */
import { assert } from '@tallystick/money'

import { compareKeys, type Key, KEY_WORDS, type KeyReader } from './address-key.ts'
import { TAIL_MAX } from './limits.ts'

const PLACES = 2 ** 14
const WINDOW_BITS = 39
const INSERTION_MAX = 12

assert(TAIL_MAX <= PLACES)

export class SlotSorter {
  readonly #reader: KeyReader
  readonly #words: Uint32Array
  readonly #numbers: Float64Array
  readonly #order: Uint32Array
  readonly #orderBefore: Uint32Array

  /** @param slotsMax the most that are sorted at a time, up to `TAIL_MAX`. */
  constructor(reader: KeyReader, slotsMax: number) {
    assert(slotsMax <= TAIL_MAX)
    this.#reader = reader
    this.#words = new Uint32Array(slotsMax * KEY_WORDS)
    this.#numbers = new Float64Array(slotsMax)
    this.#order = new Uint32Array(slotsMax)
    this.#orderBefore = new Uint32Array(slotsMax)
  }

  /** The slots by address, those with one address in their order. @param slots at most `slotsMax`. */
  sort(slots: Uint32Array): Uint32Array {
    const count = slots.length
    for (let i = 0; i < count; i++) {
      this.#reader.read(slots[i] ?? 0, this.#key(i))
      this.#order[i] = i
    }
    if (!this.#isSorted(count)) this.#sort(0, count)
    return Uint32Array.from({ length: count }, (_, i) => slots[this.#order[i] ?? 0] ?? 0)
  }

  #key(i: number): Key {
    return { words: this.#words, at: i * KEY_WORDS }
  }

  #compare(a: number, b: number): number {
    return compareKeys(this.#key(a), this.#key(b))
  }

  #isSorted(count: number): boolean {
    for (let i = 1; i < count; i++) if (this.#compare(i - 1, i) > 0) return false
    return true
  }

  /** Sorts the places from … to (exclusive) of the order. */
  #sort(from: number, to: number): void {
    if (to - from <= INSERTION_MAX) return this.#insertion(from, to)
    const word = this.#differingWord(from, to)
    if (word === KEY_WORDS) return
    this.#fillNumbers(from, to, word)
    this.#numbers.subarray(from, to).sort()
    this.#orderBefore.set(this.#order.subarray(from, to), from)
    for (let i = from; i < to; i++) {
      this.#order[i] = this.#orderBefore[from + ((this.#numbers[i] ?? 0) % PLACES)] ?? 0
    }
    let start = from
    for (let i = from + 1; i <= to; i++) {
      if (i < to && this.#windowAt(i) === this.#windowAt(start)) continue
      // A deeper sort uses the same scratch, but only what lies before `i`, and that is not read again.
      if (i - start > 1) this.#sort(start, i)
      start = i
    }
  }

  #windowAt(i: number): number {
    return Math.floor((this.#numbers[i] ?? 0) / PLACES)
  }

  /** The first word in which the keys differ; `KEY_WORDS`: they are all equal. */
  #differingWord(from: number, to: number): number {
    const words = this.#words
    const first = (this.#order[from] ?? 0) * KEY_WORDS
    for (let word = 0; word < KEY_WORDS; word++) {
      const expected = words[first + word] ?? 0
      for (let i = from + 1; i < to; i++) {
        if (words[(this.#order[i] ?? 0) * KEY_WORDS + word] !== expected) return word
      }
      if ((expected & 0xff) === 0) return KEY_WORDS
    }
    return KEY_WORDS
  }

  #fillNumbers(from: number, to: number, word: number): void {
    const words = this.#words
    const expected = words[(this.#order[from] ?? 0) * KEY_WORDS + word] ?? 0
    let differing = 0
    for (let i = from; i < to; i++) {
      differing |= (words[(this.#order[i] ?? 0) * KEY_WORDS + word] ?? 0) ^ expected
    }
    const shared = Math.clz32(differing)
    const nextBits = Math.min(32, WINDOW_BITS - 32 + shared)
    for (let i = from; i < to; i++) {
      const at = (this.#order[i] ?? 0) * KEY_WORDS + word
      const high = (words[at] ?? 0) & (0xffff_ffff >>> shared)
      // Behind the end of a key lies what an earlier one left.
      const ends = ((words[at] ?? 0) & 0xff) === 0
      const low = ends ? 0 : (words[at + 1] ?? 0) >>> (32 - nextBits)
      this.#numbers[i] = ((high >>> 0) * 2 ** nextBits + low) * PLACES + (i - from)
    }
  }

  #insertion(from: number, to: number): void {
    const order = this.#order
    for (let i = from + 1; i < to; i++) {
      const one = order[i] ?? 0
      let at = i
      while (at > from && this.#compare(order[at - 1] ?? 0, one) > 0) {
        order[at] = order[at - 1] ?? 0
        at--
      }
      order[at] = one
    }
  }
}
