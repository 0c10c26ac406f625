/**
 * The rules of one ledger at work: evaluated as the book grows, their firings put on record, time told to go on where an idle ledger would keep a rule
 * from noticing. Without a rule nothing runs.
 */
import { type Clock, Operation, type TallyLedger } from '@tallystick/engine'
import { encodeRuleCommand, type RuleWork } from '@tallystick/rules'

import {
  RULE_BEHIND_EVENTS,
  RULE_FIRINGS_WAITING_MAX,
  RULE_LOOK_MS,
  RULE_RETRY_MS,
} from '../limits.ts'
import { askLedger } from './ask-ledger.ts'
import { FiringRecorder } from './firing-recorder.ts'
import type { RuleNews, RuleSource } from './rule-source.ts'
import { RuleThread } from './rule-thread.ts'
import { SliceSource } from './slice-source.ts'

export interface RulesOptions {
  readonly ledger: TallyLedger
  /** Of the journal's segments; undefined: the ledger is in memory. */
  readonly bookDirectory: string | undefined
  readonly clock: Clock
  /** For an operator: what went wrong; it is tried again. */
  readonly onNote: (note: string) => void
}

export interface RulesFigures {
  readonly rules: number
  /** All on record. */
  readonly firings: number
  /** Events evaluated since the start. */
  readonly evaluated: number
  /** Durable events that were not evaluated yet. */
  readonly lagEvents: number
  /** Ledger time between the newest evaluated event and the newest durable one, seconds. */
  readonly lagSeconds: number
  /** Firings that wait to be put on record. */
  readonly waiting: number
  readonly frozen: number
  readonly notFrozen: number
  readonly ticks: number
  readonly failures: number
}

const NS_PER_SECOND = 1e9
const TICK = encodeRuleCommand({ rules: 'tick' })

export class Rules {
  readonly #options: RulesOptions
  readonly #recorder: FiringRecorder
  #source: RuleSource | undefined
  #timer: NodeJS.Timeout | undefined
  #isAsked = false
  #sequence = 0
  #time = 0n
  #nextDue: bigint | undefined
  #work: readonly RuleWork[] = []
  #ticks = 0
  #isTicking = false
  #failures = 0
  #notBefore = 0
  #hasEnded = false

  constructor(options: RulesOptions) {
    this.#options = options
    this.#recorder = new FiringRecorder(options)
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), RULE_LOOK_MS).unref()
  }

  async close(): Promise<void> {
    this.#hasEnded = true
    clearInterval(this.#timer)
    this.#recorder.close()
    await this.#source?.close()
  }

  get figures(): RulesFigures {
    const { ledger } = this.#options
    const { durableSequence, durableTimestamp, rules } = ledger
    const isAtWork = rules.version > 0
    const lagEvents = isAtWork ? Math.max(0, durableSequence - this.#sequence) : 0
    const { waiting, frozen, notFrozen } = this.#recorder
    return {
      ...{ rules: [...rules.rules].length, firings: rules.firings, evaluated: this.#sequence },
      lagEvents,
      lagSeconds: lagEvents === 0 ? 0 : Number(durableTimestamp - this.#time) / NS_PER_SECOND,
      ...{ waiting, frozen, notFrozen, ticks: this.#ticks, failures: this.#failures },
    }
  }

  /** `none`: there are no rules. */
  get status(): 'none' | 'ok' | 'behind' {
    if (this.#options.ledger.rules.version === 0) return 'none'
    return this.figures.lagEvents > RULE_BEHIND_EVENTS ? 'behind' : 'ok'
  }

  /** What is said of a rule at work; undefined: it is switched off, or the evaluator has not come to it. */
  workOf(rule: string): RuleWork | undefined {
    return this.#work.find((each) => each.rule === rule)
  }

  #look(): void {
    const { ledger, clock } = this.#options
    if (ledger.rules.version === 0 || this.#hasEnded || performance.now() < this.#notBefore) return
    this.#source ??= this.#open()
    if (this.#isAsked) return
    if (ledger.durableSequence > this.#sequence) return this.#ask()
    const isDue = this.#nextDue !== undefined && this.#nextDue <= clock.now()
    if (isDue && this.#recorder.waiting === 0) this.#tick()
  }

  #ask(): void {
    // Nothing is gained by finding more than can be written down.
    if (this.#recorder.waiting > RULE_FIRINGS_WAITING_MAX) return
    this.#isAsked = true
    this.#source?.follow(this.#options.ledger.durableSequence)
  }

  #open(): RuleSource {
    const { ledger, bookDirectory } = this.#options
    const onNews = (news: RuleNews): void => this.#heard(news)
    if (bookDirectory === undefined) return new SliceSource(ledger, onNews)
    return new RuleThread(
      { bookDirectory, journalId: ledger.journalId },
      { onNews, onFailure: (failure) => this.#failed(failure) },
    )
  }

  #heard({ firings, sequence, time, nextDue, work }: RuleNews): void {
    if (this.#hasEnded) return
    this.#isAsked = false
    this.#sequence = sequence
    this.#time = time
    this.#nextDue = nextDue
    this.#work = work
    this.#recorder.record(firings)
    if (this.#options.ledger.durableSequence > sequence) this.#ask()
  }

  /** From the first event on again: what was fired is on record. */
  #failed(failure: string): void {
    this.#failures++
    this.#source = undefined
    this.#isAsked = false
    this.#sequence = 0
    this.#notBefore = performance.now() + RULE_RETRY_MS
    this.#options.onNote(`the evaluation of rules stopped and will go on: ${failure}`)
  }

  /** Something is due and nothing happens that would show it. */
  #tick(): void {
    if (this.#isTicking) return
    this.#isTicking = true
    askLedger(this.#options, [{ operation: Operation.rule, flags: 0, statement: TICK }])
      .then(() => this.#ticks++)
      // The ledger takes no writes now: it says so itself, and is asked again.
      .catch(() => (this.#notBefore = performance.now() + RULE_RETRY_MS))
      .finally(() => (this.#isTicking = false))
  }
}
