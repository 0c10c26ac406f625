/** What a rule would have done: the same evaluator over the same journal, counted and, as far as there is room, kept. */
import type { Firing } from '@tallystick/rules'

import { BACKTEST_DAYS_MAX, BACKTEST_FIRINGS_SHOWN } from '../limits.ts'
import { type FiringFacts, factsOf } from './rule-source.ts'
import { RuleStream, type Trial } from './rule-stream.ts'
import type { BookBody } from '@tallystick/engine'

export interface TrialResult {
  /** Whether it came to the end in its time. */
  readonly complete: boolean
  readonly events: number
  /** Of the newest event that was read, ns; 0: none. */
  readonly through: bigint
  readonly firings: number
  readonly accounts: number
  /** Days since 1970 with how many. */
  readonly byDay: readonly (readonly [day: number, firings: number])[]
  readonly shown: readonly FiringFacts[]
}

const NS_PER_DAY = 86_400_000_000_000n

export class TrialRun {
  readonly #stream: RuleStream
  readonly #shown: FiringFacts[] = []
  readonly #byDay = new Map<number, number>()
  readonly #accounts = new Set<number>()
  #firings = 0
  #through = 0n

  constructor(trial: Trial) {
    this.#stream = new RuleStream((firing) => this.#fired(firing), trial)
  }

  get isOver(): boolean {
    return this.#stream.isOver
  }
  get events(): number {
    return this.#stream.evaluator.sequence
  }

  take(body: BookBody): void {
    this.#stream.take(body)
    this.#through = body.firstTimestamp + BigInt(this.events - body.firstSequence)
  }

  result(complete: boolean): TrialResult {
    return {
      ...{ complete, events: this.events, through: this.#through, firings: this.#firings },
      ...{ accounts: this.#accounts.size, byDay: [...this.#byDay], shown: this.#shown },
    }
  }

  #fired(firing: Firing): void {
    this.#firings++
    this.#accounts.add(firing.slot)
    const day = Number(firing.time / NS_PER_DAY)
    const known = this.#byDay.get(day)
    if (known !== undefined || this.#byDay.size < BACKTEST_DAYS_MAX) {
      this.#byDay.set(day, (known ?? 0) + 1)
    }
    if (this.#shown.length < BACKTEST_FIRINGS_SHOWN) this.#shown.push(factsOf(firing))
  }
}
