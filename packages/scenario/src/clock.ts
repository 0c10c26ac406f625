/** Virtual clock: time that moves only when a test says so. */
import { assert } from '@tallystick/money'

export class VirtualClock {
  #now: bigint

  /** ns since 1970. */
  constructor(start = 0n) {
    assert(start >= 0n, 'time begins in 1970')
    this.#now = start
  }

  now(): bigint {
    return this.#now
  }

  advance(nanoseconds: bigint): void {
    this.set(this.#now + nanoseconds)
  }

  /** May go backwards: real clocks do, and the ledger has to bear it. */
  set(now: bigint): void {
    assert(now >= 0n, 'time begins in 1970')
    this.#now = now
  }
}
