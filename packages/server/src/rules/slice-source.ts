/** Evaluates on the thread of the ledger, in slices beside it: for ledgers in memory, whose book no other thread can read. */
import type { TallyLedger } from '@tallystick/engine'

import { RULE_NEWS_EVENTS, RULE_SLICE_MS } from '../limits.ts'
import { type FiringFacts, factsOf, type RuleNews, type RuleSource } from './rule-source.ts'
import { RuleStream } from './rule-stream.ts'

export class SliceSource implements RuleSource {
  readonly #ledger: TallyLedger
  readonly #onNews: (news: RuleNews) => void
  readonly #stream: RuleStream
  #firings: FiringFacts[] = []
  #time = 0n
  #timer: NodeJS.Timeout | undefined

  constructor(ledger: TallyLedger, onNews: (news: RuleNews) => void) {
    this.#ledger = ledger
    this.#onNews = onNews
    this.#stream = new RuleStream((firing) => this.#firings.push(factsOf(firing)))
  }

  follow(through: number): void {
    this.#timer = setTimeout(() => this.#slice(through), 0)
  }

  close(): Promise<void> {
    clearTimeout(this.#timer)
    return Promise.resolve()
  }

  #slice(through: number): void {
    const { evaluator } = this.#stream
    const until = performance.now() + RULE_SLICE_MS
    const most = evaluator.sequence + RULE_NEWS_EVENTS
    while (evaluator.sequence < Math.min(through, most) && performance.now() < until) {
      const body = this.#ledger.reader.frame(evaluator.sequence + 1)
      this.#stream.take(body)
      this.#time = body.firstTimestamp + BigInt(body.count - 1)
    }
    const { sequence, nextDue, work } = evaluator
    const firings = this.#firings
    this.#firings = []
    this.#onNews({ firings, sequence, time: this.#time, nextDue, work })
  }
}
