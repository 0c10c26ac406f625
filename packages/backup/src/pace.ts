/** Holds a flow of bytes to a rate, on average: after each portion it waits until the rate would have let it through. */
import { setTimeout as sleep } from 'node:timers/promises'

const MS_PER_S = 1000

export class Pace {
  readonly #bytesPerSecond: number
  readonly #now: () => number
  /** ms at which everything so far is paid for. */
  #paidAt = Number.NEGATIVE_INFINITY

  /** @param bytesPerSecond Infinity: no limit. */
  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#bytesPerSecond = bytesPerSecond
    this.#now = now
  }

  /** ms to wait after `bytes` more. Idle time is not saved up. */
  owe(bytes: number): number {
    const now = this.#now()
    this.#paidAt = Math.max(this.#paidAt, now) + (bytes / this.#bytesPerSecond) * MS_PER_S
    return this.#paidAt - now
  }

  async spend(bytes: number, signal?: AbortSignal): Promise<void> {
    const ms = this.owe(bytes)
    if (ms > 0) await sleep(ms, undefined, { signal })
  }
}
