/**
 * Adds many keys to a filter that is larger than the processor's caches: in batches, ordered by the part of the filter that
 * they fall into, so that memory is walked once from its beginning to its end.
 */
import type { Filter } from './filter.ts'
import { hashed, hashKey } from './key-hash.ts'
import { FILTER_BATCH_KEYS, FILTER_PARTS } from './limits.ts'

export class FilterFilling {
  readonly #filter: Filter
  readonly #partShift: number
  /** Place and bits of each waiting key, in turns; then the same in order. */
  readonly #waiting: Uint32Array
  readonly #ordered: Uint32Array
  readonly #ends = new Uint32Array(FILTER_PARTS)
  #used = 0

  /** @param keys expected. */
  constructor(filter: Filter, keys: number) {
    this.#filter = filter
    this.#partShift = Math.max(0, Math.log2(filter.blocks / FILTER_PARTS))
    const batch = Math.max(1, Math.min(keys, FILTER_BATCH_KEYS))
    this.#waiting = new Uint32Array(batch * 2)
    this.#ordered = new Uint32Array(batch * 2)
  }

  /** @param at index in `words` of the key's lowest word. */
  add(words: Uint32Array, at: number): void {
    if (this.#used === this.#waiting.length) this.flush()
    hashKey(words, at, this.#filter.seed)
    const place = (hashed[0] ?? 0) & (this.#filter.blocks - 1)
    const part = place >>> this.#partShift
    this.#waiting[this.#used] = place
    this.#waiting[this.#used + 1] = hashed[1] ?? 0
    this.#ends[part] = (this.#ends[part] ?? 0) + 2
    this.#used += 2
  }

  /** Adds what waits. */
  flush(): void {
    const ends = this.#ends
    let end = 0
    for (let part = 0; part < FILTER_PARTS; part++) {
      const size = ends[part] ?? 0
      ends[part] = end
      end += size
    }
    const waiting = this.#waiting
    const ordered = this.#ordered
    for (let i = 0; i < this.#used; i += 2) {
      const place = waiting[i] ?? 0
      const part = place >>> this.#partShift
      const to = ends[part] ?? 0
      ends[part] = to + 2
      ordered[to] = place
      ordered[to + 1] = waiting[i + 1] ?? 0
    }
    for (let i = 0; i < this.#used; i += 2) {
      this.#filter.addHashed(ordered[i] ?? 0, ordered[i + 1] ?? 0)
    }
    this.#used = 0
    ends.fill(0)
  }
}
