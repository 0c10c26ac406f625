/**
 * Proposes ledger time from the wall clock, and stops when the wall clock jumps forward without the monotonic clock: one
 * wrong clock would expire every hold, and could never be taken back. A wall clock that runs back is harmless: the ledger's time goes
 * on by single nanoseconds until the wall has caught up.
 */
import type { Clock } from './clock.ts'
import { CLOCK_JUMP_MAX_NS } from './limits.ts'

export class ClockGuard {
  readonly #clock: Clock
  #wall: bigint
  #monotonic: bigint
  #jumped = 0n

  constructor(clock: Clock) {
    this.#clock = clock
    this.#wall = clock.now()
    this.#monotonic = clock.monotonic()
  }

  /** The wall time to propose, or undefined: it has jumped, and nobody has confirmed it. */
  propose(): bigint | undefined {
    const wall = this.#clock.now()
    const monotonic = this.#clock.monotonic()
    if (this.#jumped > 0n) return undefined
    const ahead = wall - this.#wall - (monotonic - this.#monotonic)
    if (ahead > CLOCK_JUMP_MAX_NS) {
      this.#jumped = ahead
      return undefined
    }
    this.#wall = wall
    this.#monotonic = monotonic
    return wall
  }

  /** For measuring: ns since some moment. */
  monotonic(): bigint {
    return this.#clock.monotonic()
  }

  /** By how much the wall clock jumped, ns; 0 = it is trusted. */
  get jumped(): bigint {
    return this.#jumped
  }

  /** The operator has looked at it: the wall clock of now is right. */
  confirm(): void {
    this.#jumped = 0n
    this.#wall = this.#clock.now()
    this.#monotonic = this.#clock.monotonic()
  }
}
