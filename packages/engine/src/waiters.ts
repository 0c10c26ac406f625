/** Callbacks that wait until a sequence is durable, in order of sequence. */
import { EngineError } from './errors.ts'
import { WAITERS_MAX } from './limits.ts'

type Wake = (failure: EngineError | undefined) => void

interface Waiter {
  readonly sequence: number
  readonly wake: Wake
}

export class Waiters {
  #waiters: Waiter[] = []

  get length(): number {
    return this.#waiters.length
  }

  /** @throws EngineError `overloaded`. */
  add(sequence: number, wake: Wake): void {
    if (this.#waiters.length >= WAITERS_MAX) {
      throw new EngineError('overloaded', 'too many callers are waiting; try again later')
    }
    // Nearly always the newest sequence of all: looked for from the back.
    let at = this.#waiters.length
    while (at > 0 && (this.#waiters[at - 1]?.sequence ?? 0) > sequence) at--
    if (at === this.#waiters.length) this.#waiters.push({ sequence, wake })
    else this.#waiters.splice(at, 0, { sequence, wake })
  }

  /** Wakes all that wait for a sequence up to `durable`. */
  wake(durable: number): void {
    let due = 0
    while (due < this.#waiters.length && (this.#waiters[due]?.sequence ?? 0) <= durable) due++
    if (due === 0) return
    const woken = this.#waiters.slice(0, due)
    this.#waiters = this.#waiters.slice(due)
    for (const { wake } of woken) wake(undefined)
  }

  fail(failure: EngineError): void {
    const failed = this.#waiters
    this.#waiters = []
    for (const { wake } of failed) wake(failure)
  }
}
