/**
 * Rows: entries of an index in memory while they are gathered and sorted. Six u32 per row: the four words of
 * the key from lowest to highest, then the two of the value (kind in the top byte, sequence below).
 */
import { ENTRY_WORDS } from './limits.ts'

/** What an entry says about its key. Stored in runs: numbers never change. */
export const EntryKind = {
  /** Key: id of a transfer. Sequence: its record. */
  transfer: 1,
  /** Key: an id burnt by a transient refusal. Sequence: the refusal. */
  burnt: 2,
  /** Key: sequence of a transfer. Sequence: newest event that posted, voided, released or reversed it. */
  touch: 3,
  /** Key: look-up key of a request. Sequence: its first event. */
  request: 4,
} as const
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind]

const WORD = 0x1_0000_0000

/** Upper word of a value. */
function valueHigh(kind: EntryKind, sequence: number): number {
  return ((kind << 24) | Math.floor(sequence / WORD)) >>> 0
}

export function valueSequence(low: number, high: number): number {
  return (high & 0xff_ffff) * WORD + low
}

export function valueKind(high: number): number {
  return high >>> 24
}

const CAPACITY_MIN = 1_024

export class Rows {
  words: Uint32Array
  count = 0

  /** @param expected rows; memory that is not used stays untouched. */
  constructor(expected = 0) {
    this.words = new Uint32Array(Math.max(expected, CAPACITY_MIN) * ENTRY_WORDS)
  }

  /** Adds an entry whose key lies at u32 index `at` of `key`. */
  add(key: Uint32Array, at: number, kind: EntryKind, sequence: number): void {
    const to = this.#next()
    const { words } = this
    words[to] = key[at] ?? 0
    words[to + 1] = key[at + 1] ?? 0
    words[to + 2] = key[at + 2] ?? 0
    words[to + 3] = key[at + 3] ?? 0
    words[to + 4] = sequence >>> 0
    words[to + 5] = valueHigh(kind, sequence)
  }

  #next(): number {
    const at = this.count * ENTRY_WORDS
    if (at === this.words.length) {
      const wider = new Uint32Array(this.words.length * 2)
      wider.set(this.words)
      this.words = wider
    }
    this.count++
    return at
  }
}

/** Order of two u128 in four words each: negative, zero or positive. */
export function compareKeys(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  for (let word = 3; word > 0; word--) {
    const difference = (a[aAt + word] ?? 0) - (b[bAt + word] ?? 0)
    if (difference !== 0) return difference
  }
  return (a[aAt] ?? 0) - (b[bAt] ?? 0)
}
