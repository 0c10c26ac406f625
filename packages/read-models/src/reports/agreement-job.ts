/** Holds the tables to the ledger's own columns, now and then. A difference is an alarm: nobody but us should write the tables. */
import { setTimeout as sleep } from 'node:timers/promises'

import { AGREEMENT_MS, AGREEMENT_TRIES_MAX, AGREEMENT_WAIT_MS } from '../limits.ts'
import type { ReadModels } from '../read-models.ts'
import { differences, type OwnTotals } from './agreement.ts'

/** The ledger's totals, and the event at which they were true. */
export interface TotalsNow {
  readonly sequence: number
  readonly totals: readonly OwnTotals[]
}

export interface AgreementOptions {
  readonly models: ReadModels
  /** undefined: not at this moment, something is under way. */
  readonly totals: () => TotalsNow | undefined
  /** For an operator. */
  readonly onDifference: (difference: string) => void
}

export class Agreement {
  readonly #options: AgreementOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  /** Of the last check. */
  differences: readonly string[] = []
  /** That came to an end. */
  checks = 0

  constructor(options: AgreementOptions) {
    this.#options = options
  }

  /** Checks now and then, until it is closed. */
  start(): void {
    this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** @returns whether it came to an end: it does not while the tables cannot be asked or the ledger is never still. */
  async check(): Promise<boolean> {
    const { models, onDifference } = this.#options
    const now = await this.#whenStill()
    if (now === undefined || !(await models.reached(now.sequence, AGREEMENT_MS))) return false
    this.differences = await differences(models.pool, now.sequence, now.totals)
    this.checks++
    for (const difference of this.differences) onDifference(difference)
    return true
  }

  async #whenStill(): Promise<TotalsNow | undefined> {
    for (let tries = 0; tries < AGREEMENT_TRIES_MAX; tries++) {
      const now = this.#options.totals()
      if (now !== undefined) return now
      await this.#pause(AGREEMENT_WAIT_MS)
      if (this.#stopping.signal.aborted) return undefined
    }
    return undefined
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#pause(AGREEMENT_MS)
      if (this.#stopping.signal.aborted) return
      // Not there now: the next time will do.
      await this.check().catch(() => false)
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
