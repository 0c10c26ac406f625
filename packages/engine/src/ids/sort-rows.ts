/**
 * Sorts rows by key; the answer is an order. A stable radix sort over a window of 32 bits that
 * begins where the keys first differ, so that keys with a common beginning (times, small numbers) take one round
 * like random ones; rows that agree in the window are sorted by the next.
 */
import { ENTRY_WORDS } from './limits.ts'
import { compareKeys, type Rows } from './rows.ts'

/** Below it comparing beats counting. */
const INSERTION_MAX = 48
/** From so many rows on they are brought near each other first. */
const NEAR_MIN = 65_536
const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const KEY_BITS = 128

export interface SortedRows {
  /** The rows, perhaps moved. */
  readonly words: Uint32Array
  /** Their order by key; rows with equal keys stay in their order. undefined: they lie in order already, no key comes twice. */
  readonly order: Uint32Array | undefined
}

/** Sorts rows by key. The given rows may be left in any state. */
export function sortRows({ words, count }: Rows): SortedRows {
  // Time-ordered ids of one client arrive sorted.
  if (isSorted(words, count)) return { words, order: undefined }
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  const near = count < NEAR_MIN ? words : partitioned(words, count)
  new Sorter(near, order).sort(0, count)
  return { words: near, order }
}

/**
 * The rows in groups by the first bits in which they differ, each in its old order: sorting then jumps about within a group
 * and not within 100 MB, which took three times as long (measured with four million random ids).
 */
function partitioned(words: Uint32Array, count: number): Uint32Array {
  const bit = firstDifference(words, count)
  const word = 3 - (bit >>> 5)
  const groupOf = (at: number): number =>
    windowAt(words, at + word, bit & 31, word) >>> (32 - DIGIT_BITS)
  const places = new Uint32Array(DIGITS)
  const end = count * ENTRY_WORDS
  for (let at = 0; at < end; at += ENTRY_WORDS) {
    const group = groupOf(at)
    places[group] = (places[group] ?? 0) + 1
  }
  let place = 0
  for (let group = 0; group < DIGITS; group++) {
    const size = places[group] ?? 0
    places[group] = place
    place += size * ENTRY_WORDS
  }
  const moved = new Uint32Array(end)
  for (let at = 0; at < end; at += ENTRY_WORDS) {
    const group = groupOf(at)
    const to = places[group] ?? 0
    for (let i = 0; i < ENTRY_WORDS; i++) moved[to + i] = words[at + i] ?? 0
    places[group] = to + ENTRY_WORDS
  }
  return moved
}

/** Number of leading bits that all keys share, which are not all equal. */
function firstDifference(words: Uint32Array, count: number): number {
  for (let word = 3; word > 0; word--) {
    const expected = words[word] ?? 0
    let bits = 0
    for (let i = 1; i < count; i++) bits |= (words[i * ENTRY_WORDS + word] ?? 0) ^ expected
    if (bits !== 0) return (3 - word) * 32 + Math.clz32(bits)
  }
  return 96
}

/** 32 bits of a key from bit `shift` of the word at `at`; behind the lowest word come zeros. */
function windowAt(words: Uint32Array, at: number, shift: number, word: number): number {
  const high = (words[at] ?? 0) << shift
  const low = shift === 0 || word === 0 ? 0 : (words[at - 1] ?? 0) >>> (32 - shift)
  return high | low
}

function isSorted(rows: Uint32Array, count: number): boolean {
  for (let i = 1; i < count; i++) {
    if (compareKeys(rows, (i - 1) * ENTRY_WORDS, rows, i * ENTRY_WORDS) >= 0) return false
  }
  return true
}

class Sorter {
  readonly #rows: Uint32Array
  #order: Uint32Array
  #otherOrder: Uint32Array
  #window: Uint32Array
  #otherWindow: Uint32Array
  readonly #counts = new Uint32Array(DIGITS)
  readonly #target: Uint32Array

  constructor(rows: Uint32Array, order: Uint32Array) {
    this.#rows = rows
    this.#target = order
    this.#order = order
    this.#otherOrder = new Uint32Array(order.length)
    this.#window = new Uint32Array(order.length)
    this.#otherWindow = new Uint32Array(order.length)
  }

  /** Sorts the places from … to (exclusive) of the order. */
  sort(from: number, to: number): void {
    if (to - from <= INSERTION_MAX) return this.#insertion(from, to)
    const bit = this.#firstDifference(from, to)
    if (bit === KEY_BITS) return
    this.#fillWindow(from, to, bit)
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) this.#pass(from, to, shift)
    this.#settle(from, to)
    if (bit + 32 < KEY_BITS) this.#sortTies(from, to)
  }

  #sortTies(from: number, to: number): void {
    const window = this.#window
    let start = from
    for (let i = from + 1; i <= to; i++) {
      if (i < to && window[i] === window[start]) continue
      // A deeper sort uses the same scratch, but only what lies before `i`, and that is not read again.
      if (i - start > 1) this.sort(start, i)
      start = i
    }
  }

  /** Number of leading bits that all keys of the stretch share. */
  #firstDifference(from: number, to: number): number {
    const rows = this.#rows
    const first = (this.#order[from] ?? 0) * ENTRY_WORDS
    for (let word = 3; word >= 0; word--) {
      const expected = rows[first + word] ?? 0
      let bits = 0
      for (let i = from; i < to; i++) {
        bits |= (rows[(this.#order[i] ?? 0) * ENTRY_WORDS + word] ?? 0) ^ expected
      }
      if (bits !== 0) return (3 - word) * 32 + Math.clz32(bits)
    }
    return KEY_BITS
  }

  #fillWindow(from: number, to: number, bit: number): void {
    const rows = this.#rows
    const word = 3 - (bit >>> 5)
    const shift = bit & 31
    for (let i = from; i < to; i++) {
      this.#window[i] = windowAt(rows, (this.#order[i] ?? 0) * ENTRY_WORDS + word, shift, word)
    }
  }

  #pass(from: number, to: number, shift: number): void {
    const counts = this.#counts.fill(0)
    const window = this.#window
    const order = this.#order
    for (let i = from; i < to; i++) {
      const digit = ((window[i] ?? 0) >>> shift) & (DIGITS - 1)
      counts[digit] = (counts[digit] ?? 0) + 1
    }
    if (counts[((window[from] ?? 0) >>> shift) & (DIGITS - 1)] === to - from) return
    let place = from
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit] ?? 0
      counts[digit] = place
      place += size
    }
    const otherWindow = this.#otherWindow
    const otherOrder = this.#otherOrder
    for (let i = from; i < to; i++) {
      const value = window[i] ?? 0
      const digit = (value >>> shift) & (DIGITS - 1)
      const at = counts[digit] ?? 0
      counts[digit] = at + 1
      otherWindow[at] = value
      otherOrder[at] = order[i] ?? 0
    }
    this.#window = otherWindow
    this.#otherWindow = window
    this.#order = otherOrder
    this.#otherOrder = order
  }

  /** After a stretch is sorted it lies in the array that the caller gave, so that stretches can be sorted one by one. */
  #settle(from: number, to: number): void {
    if (this.#order === this.#target) return
    this.#target.set(this.#order.subarray(from, to), from)
    this.#otherOrder = this.#order
    this.#order = this.#target
  }

  #insertion(from: number, to: number): void {
    const rows = this.#rows
    const order = this.#order
    for (let i = from + 1; i < to; i++) {
      const row = order[i] ?? 0
      let at = i
      while (
        at > from &&
        compareKeys(rows, (order[at - 1] ?? 0) * ENTRY_WORDS, rows, row * ENTRY_WORDS) > 0
      ) {
        order[at] = order[at - 1] ?? 0
        at--
      }
      order[at] = row
    }
  }
}
