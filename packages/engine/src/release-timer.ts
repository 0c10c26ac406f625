/** Wakes an idle engine when the next hold falls due, so that its release is logged although nobody asks for anything. */
import type { Clock } from './clock.ts'
import { RELEASE_RETRY_MS, TIMER_MS_MAX } from './limits.ts'
import type { Scheduler } from './scheduler.ts'

const NS_PER_MS = 1_000_000n

export class ReleaseTimer {
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #wake: () => void
  #cancel: (() => void) | undefined
  /** Deadline for which the timer was set, ns. */
  #at = 0n
  /** Deadline for which it has rung last. */
  #rung = 0n

  constructor(clock: Clock, scheduler: Scheduler, wake: () => void) {
    this.#clock = clock
    this.#scheduler = scheduler
    this.#wake = wake
  }

  /** @param deadline ns since 1970; undefined: no hold has one. */
  arm(deadline: bigint | undefined): void {
    if (deadline === undefined) return this.stop()
    if (this.#cancel !== undefined && this.#at === deadline) return
    this.stop()
    this.#at = deadline
    // It has rung, and the hold is still there: nothing can be written now. To ring again at once would keep a core busy.
    const least = this.#rung === deadline ? RELEASE_RETRY_MS : 0
    const wait = Number((deadline - this.#clock.now() + NS_PER_MS - 1n) / NS_PER_MS)
    const ms = Math.max(least, Math.min(wait, TIMER_MS_MAX))
    this.#cancel = this.#scheduler.after(ms, () => {
      this.#cancel = undefined
      this.#rung = deadline
      this.#wake()
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
