/**
 * What a rule remembers of accounts, for as long as it matters and of no more than so many: what nobody moved for the whole window is gone, and of too many
 * the one that moved longest ago.
 */
import { WATCHED_ACCOUNTS_MAX } from '../limits.ts'

interface Kept<Memory> {
  readonly memory: Memory
  touched: number
}

export class WatchedAccounts<Memory> {
  readonly #make: () => Memory
  readonly #lasts: number
  readonly #max: number
  /** In the order in which they moved. */
  readonly #kept = new Map<number, Kept<Memory>>()
  /** Accounts that were forgotten although they mattered. */
  forgotten = 0

  /** @param lasts so many steps after it moved, nothing of an account matters */
  constructor(make: () => Memory, lasts: number, max = WATCHED_ACCOUNTS_MAX) {
    this.#make = make
    this.#lasts = lasts
    this.#max = max
  }

  get size(): number {
    return this.#kept.size
  }

  /** The account moves in `step`, which never goes back. */
  touch(slot: number, step: number): Memory {
    const known = this.#kept.get(slot)
    const isCurrent = known !== undefined && step - known.touched < this.#lasts
    const kept = isCurrent ? known : { memory: this.#make(), touched: step }
    kept.touched = step
    if (known !== undefined) this.#kept.delete(slot)
    this.#kept.set(slot, kept)
    this.#sweep(step)
    return kept.memory
  }

  /** Two at a time: more go than come. */
  #sweep(step: number): void {
    let looked = 0
    for (const [slot, { touched }] of this.#kept) {
      const isOver = step - touched >= this.#lasts
      if (!isOver && this.#kept.size <= this.#max) return
      this.#kept.delete(slot)
      if (!isOver) this.forgotten++
      if (++looked === 2) return
    }
  }
}
