/** The clients: what they ask next, and what they do about answers that never came. */
import type { EngineError, LedgerReader, Outcome, TallyLedger } from '@tallystick/engine'
import type { Command } from '@tallystick/ledger'
import { openingOf, type Prng, realizeBatch } from '@tallystick/testkit'

import type { Auditor } from './auditor.ts'
import type { Coverage } from './coverage.ts'
import { type Submission, submissionOf } from './submission.ts'
import type { Trace } from './trace.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { Violation } from './violation.ts'
import { wishes } from './wishes.ts'

/** Accounts beyond which clients open no more: the model looks at all of them again and again. */
const ACCOUNTS_MAX = 60
const LARGE_MIN = 1_000
const LARGE_MORE = 500
const BODY_BYTES_MAX = 200_000

export interface TrafficParts {
  readonly prng: Prng
  readonly clock: VirtualClock
  readonly auditor: Auditor
  readonly coverage: Coverage
  readonly trace: Trace
}

export class Traffic {
  readonly #parts: TrafficParts
  #waiting = new Set<Submission>()
  #keys = 0
  /** What went wrong while an answer was taken; the loop asks for it. */
  violation: unknown
  /** Large bodies, to fill a disk. */
  fat = false

  constructor(parts: TrafficParts) {
    this.#parts = parts
  }

  get waiting(): number {
    return this.#waiting.size
  }

  open(): Submission {
    const { prng, auditor } = this.#parts
    const bits = Array.from({ length: 3 + prng.below(7) }, () => prng.below(0x1_0000))
    return this.#make(openingOf(auditor.issued, bits).commands, this.#newKey())
  }

  /** What one of the clients wants next. */
  next(): Submission {
    const choice = this.#parts.prng.below(20)
    const earlier = choice < 5 ? this.#earlier() : undefined
    if (earlier === undefined) return this.#fresh()
    if (choice === 0) return this.#make(this.#commands(1), earlier.key)
    return this.again(earlier)
  }

  /** The same once more: with its key, or, without one, the same ids. */
  again({ commands, key }: Submission): Submission {
    return this.#make(commands, key)
  }

  /** A request whose answer nobody has seen, and that nobody has taken up again. */
  unanswered(): Submission | undefined {
    const found = this.#parts.auditor.submissions.find(
      ({ knowledge, takenUp }) => !takenUp && (knowledge === 'unknown' || knowledge === 'lost'),
    )
    if (found === undefined) return undefined
    found.takenUp = true
    this.#parts.coverage.add('lateRepeats')
    return this.again(found)
  }

  submit(ledger: TallyLedger, submission: Submission, isGone: () => boolean): void {
    this.#waiting.add(submission)
    ledger.submit(submission.request, (outcome) => {
      // Nobody hears what a dead process says.
      if (isGone()) return
      this.#waiting.delete(submission)
      try {
        this.#take(submission, outcome)
      } catch (error) {
        this.violation ??= error
      }
    })
  }

  #take(submission: Submission, outcome: Outcome | EngineError): void {
    const { auditor, trace } = this.#parts
    if (outcome instanceof Error) {
      trace.note(`request ${submission.number}: ${outcome.code}`)
      if (outcome.code === 'outcome_unknown') submission.knowledge = 'unknown'
      else if (outcome.code === 'corrupt' || outcome.code === 'invalid')
        throw broken(submission, outcome)
      else auditor.refused(submission, outcome.code)
      return
    }
    trace.note(`request ${submission.number}: ${outcome.firstSequence} ${outcome.firstTimestamp}`)
    auditor.answered(submission, outcome)
  }

  /** The process is gone: whoever waits will never know. */
  died(): void {
    for (const submission of this.#waiting) submission.knowledge = 'unknown'
    this.#waiting.clear()
  }

  #earlier(): Submission | undefined {
    const { submissions } = this.#parts.auditor
    if (submissions.length === 0) return undefined
    const { prng } = this.#parts
    const recent = prng.once(2) ? submissions.slice(-20) : submissions
    const one = prng.pick(recent)
    return one.request.dryRun === true ? undefined : one
  }

  #fresh(): Submission {
    const { prng } = this.#parts
    const count = this.#count()
    const key = prng.once(3) ? undefined : this.#newKey()
    return this.#make(this.#commands(count), key)
  }

  #count(): number {
    const { prng, coverage } = this.#parts
    const choice = prng.below(150)
    if (choice < 80) return 1
    if (choice < 130) return 1 + prng.below(8)
    if (choice < 149) return 1 + prng.below(60)
    coverage.add('large')
    return LARGE_MIN + prng.below(LARGE_MORE)
  }

  #commands(count: number): readonly Command[] {
    const { prng, auditor, clock } = this.#parts
    const { issued } = auditor
    const isFull = issued.accounts.length >= ACCOUNTS_MAX
    const wished = wishes(prng, count).map((wish) =>
      wish.kind === 'account' && (isFull || count >= LARGE_MIN)
        ? ({ ...wish, kind: 'transfer' } as const)
        : wish,
    )
    const time = { kind: 'nanoseconds', number: 0 } as const
    return realizeBatch(issued, { time, wishes: wished, dryRun: false }, clock.now()).commands
  }

  #make(commands: readonly Command[], key: string | undefined): Submission {
    const { prng, auditor, clock } = this.#parts
    const mayBeFat = commands.length < 100 && (this.fat ? !prng.once(3) : prng.once(12))
    const submission = submissionOf({
      ...{ number: auditor.submissions.length, key, commands, receivedAt: clock.now() },
      bodyBytes: mayBeFat ? prng.below(BODY_BYTES_MAX) : prng.below(40),
      lane: commands.length > 100 || prng.once(8) ? 'bulk' : 'interactive',
      dryRun: prng.once(25),
    })
    auditor.sent(submission)
    return submission
  }

  #newKey(): string {
    return `key ${++this.#keys}`
  }
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? `, ${cause.message}` : '')

function broken({ number }: Submission, cause: EngineError): Violation {
  const seen = `${cause.code}: ${cause.message}${causeOf(cause)}`
  return new Violation('the book can always be read', {
    expected: `an answer to ${number}`,
    seen,
    cause,
  })
}

/** Reads that a client makes in between: they must not throw, whatever is on its way. */
export function readSomething(reader: LedgerReader, prng: Prng): void {
  if (reader.accountCount === 0) return
  const account = reader.accountBySlot(prng.below(reader.accountCount))
  if (account === undefined) return
  reader.entries({ account: account.id, limit: 1 + prng.below(10), newestFirst: prng.once(2) })
  reader.balanceAt(account.id, account.timestamp + BigInt(prng.below(1_000_000_000)))
  reader.totals({ prefix: '', groupBy: 1 })
}
