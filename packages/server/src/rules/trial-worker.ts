/** A thread that tries one rule on the past, and ends. */
import { parentPort, workerData } from 'node:worker_threads'

import { BookFollower, stepBack } from '@tallystick/engine'
import { assert } from '@tallystick/money'

import { BACKTEST_MS_MAX } from '../limits.ts'
import type { TrialThreadData } from './backtest.ts'
import { TrialRun } from './trial.ts'

assert(parentPort !== null)
stepBack()
const { bookDirectory: directory, journalId, through, trial }: TrialThreadData = workerData
const book = new BookFollower({ directory, journalId, after: 0 })
const run = new TrialRun(trial)
const until = performance.now() + BACKTEST_MS_MAX
for (const body of book.bodies(through)) {
  run.take(body)
  if (run.isOver || performance.now() >= until) break
}
book.close()
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort.postMessage(run.result(run.isOver || run.events >= through))
