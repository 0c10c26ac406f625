/** Tries a rule on the past: in a thread that reads the journal's files, or in slices where the book is in memory. A few at a time. */
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import type { TallyLedger } from '@tallystick/engine'

import { Refused } from '../http/refused.ts'
import { BACKTEST_MS_MAX, BACKTESTS_MAX, RULE_SLICE_MS } from '../limits.ts'
import type { Trial } from './rule-stream.ts'
import { type TrialResult, TrialRun } from './trial.ts'

export interface TrialThreadData {
  readonly bookDirectory: string
  readonly journalId: Uint8Array
  /** Events that are durable. */
  readonly through: number
  readonly trial: Trial
}

export class Backtests {
  readonly #ledger: TallyLedger
  readonly #bookDirectory: string | undefined
  readonly #workers = new Set<Worker>()
  #running = 0

  constructor(ledger: TallyLedger, bookDirectory: string | undefined) {
    this.#ledger = ledger
    this.#bookDirectory = bookDirectory
  }

  /** @throws Refused 503 while as many run as may */
  async run(trial: Trial): Promise<TrialResult> {
    if (this.#running >= BACKTESTS_MAX) {
      const detail = `${BACKTESTS_MAX} rules are being tried already.`
      throw new Refused({ code: 'overloaded', detail })
    }
    this.#running++
    try {
      const directory = this.#bookDirectory
      return await (directory === undefined ? this.#slices(trial) : this.#thread(trial, directory))
    } finally {
      this.#running--
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()))
  }

  #thread(trial: Trial, bookDirectory: string): Promise<TrialResult> {
    const { journalId, durableSequence: through } = this.#ledger
    const workerData: TrialThreadData = { bookDirectory, journalId, through, trial }
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), {
      workerData,
      name: 'backtest',
    })
    this.#workers.add(worker)
    return new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => {
        this.#workers.delete(worker)
        reject(new Refused({ code: 'unavailable', detail: 'The server is stopping.' }))
      })
    })
  }

  async #slices(trial: Trial): Promise<TrialResult> {
    const { reader, durableSequence: through } = this.#ledger
    const run = new TrialRun(trial)
    const until = performance.now() + BACKTEST_MS_MAX
    let slice = performance.now() + RULE_SLICE_MS
    while (run.events < through && !run.isOver && performance.now() < until) {
      run.take(reader.frame(run.events + 1))
      if (performance.now() < slice) continue
      await turn()
      slice = performance.now() + RULE_SLICE_MS
    }
    return run.result(run.isOver || run.events >= through)
  }
}
