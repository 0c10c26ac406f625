/** The thread that evaluates rules. It ends at the first failure: whoever started it starts it again, and the log says what was fired. */
import { parentPort, workerData } from 'node:worker_threads'

import { BookFollower, stepBack } from '@tallystick/engine'
import { assert } from '@tallystick/money'

import { RULE_NEWS_EVENTS } from '../limits.ts'
import { type FiringFacts, factsOf, type RuleNews } from './rule-source.ts'
import { RuleStream } from './rule-stream.ts'
import type { RuleTask, RuleThreadData } from './rule-thread.ts'

assert(parentPort !== null)
stepBack()
const port = parentPort
const { bookDirectory: directory, journalId }: RuleThreadData = workerData
const book = new BookFollower({ directory, journalId, after: 0 })
let firings: FiringFacts[] = []
let time = 0n
const stream = new RuleStream((firing) => firings.push(factsOf(firing)))

port.on('message', (task: RuleTask) => {
  if (task.kind === 'follow') return follow(task.through)
  book.close()
  port.close()
})

function follow(through: number): void {
  const { evaluator } = stream
  const most = evaluator.sequence + RULE_NEWS_EVENTS
  for (const body of book.bodies(through)) {
    stream.take(body)
    time = body.firstTimestamp + BigInt(body.count - 1)
    if (evaluator.sequence >= most) break
  }
  const { sequence, nextDue, work } = evaluator
  const news: RuleNews = { firings, sequence, time, nextDue, work }
  firings = []
  port.postMessage(news)
}
