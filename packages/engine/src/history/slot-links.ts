/**
 * Rows of a growing table chained by account, newest first: a few bytes per row and one map entry per account, and no
 * object for the many accounts that have a single row.
 */
import { SEGMENT_ROWS, segmentOf } from './segments.ts'

export class SlotLinks {
  /** Slot → newest row + 1. */
  readonly #newest = new Map<number, number>()
  /** Row → the account's row before + 1. */
  readonly #before: Uint32Array[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Adds the next row. */
  add(slot: number): void {
    const row = this.#count++
    const segment = segmentOf(this.#before, row, () => new Uint32Array(SEGMENT_ROWS))
    segment[row % SEGMENT_ROWS] = this.#newest.get(slot) ?? 0
    this.#newest.set(slot, row + 1)
  }

  has(slot: number): boolean {
    return this.#newest.has(slot)
  }

  /** The account's rows, newest first. */
  *rows(slot: number): Generator<number> {
    let next = this.#newest.get(slot) ?? 0
    while (next !== 0) {
      const row = next - 1
      yield row
      next = this.#before[Math.floor(row / SEGMENT_ROWS)]?.[row % SEGMENT_ROWS] ?? 0
    }
  }
}
