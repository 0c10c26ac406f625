/** What can happen to a call of the disk: the plan of one process, drawn from the seed. */
import type { Prng } from '@tallystick/testkit'

import type { VirtualClock } from './virtual-clock.ts'

export type DiskCall =
  | 'create'
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'unlink'
  | 'syncDirectory'

/** `dies before`: nothing of the call reaches the disk. `dies within`: what it does is as unsure as all that is not synced. */
export type Fate = 'done' | 'dies before' | 'dies within' | 'fails'

/** How a process ends at the planned call. `sync fails` leaves it alive: it has to stop by itself. */
export type Ending = 'power' | 'kill' | 'sync fails'

const NS_PER_MS = 1_000_000

export class FaultPlan {
  readonly #prng: Prng
  readonly #clock: VirtualClock
  #ending: Ending | undefined
  #callsLeft = Number.POSITIVE_INFINITY
  /** How the process ended, once it did. */
  ended: Ending | undefined
  /** Each call takes up to so many ms. */
  slowMs = 0

  constructor(prng: Prng, clock: VirtualClock) {
    this.#prng = prng
    this.#clock = clock
  }

  /** From now on: so many calls that change something succeed. */
  arm(ending: Ending, calls: number): void {
    this.#ending = ending
    this.#callsLeft = calls
  }

  disarm(): void {
    this.#ending = undefined
    this.#callsLeft = Number.POSITIVE_INFINITY
  }

  /** Draws the fate of a call; it takes its time. */
  draw(call: DiskCall): Fate {
    this.#clock.advance(BigInt(this.#durationNs()))
    if (this.ended === 'power' || this.ended === 'kill') return 'dies before'
    if (call === 'read' || this.#ending === undefined) return 'done'
    if (--this.#callsLeft > 0) return 'done'
    if (this.#ending === 'sync fails' && call !== 'sync') return 'done'
    this.ended = this.#ending
    this.#ending = undefined
    if (this.ended === 'sync fails') return 'fails'
    return this.#prng.once(2) ? 'dies before' : 'dies within'
  }

  #durationNs(): number {
    if (this.slowMs === 0) return 1_000 + this.#prng.below(100_000)
    return this.#prng.below(this.slowMs * NS_PER_MS)
  }
}
