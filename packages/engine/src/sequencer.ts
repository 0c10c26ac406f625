/**
 * The loop: requests come in, are decided in groups, and answered when their group is durable. One group is filled while the one
 * before is on its way to disk; when nothing is on its way, what has arrived goes at once.
 */
import type { Group as JournalGroup, JournalWriter } from '@tallystick/journal'
import { type Ledger, RELEASES_PER_BATCH_MAX } from '@tallystick/ledger'

import type { Book } from './book.ts'
import { BookBody } from './book-body.ts'
import type { ClockGuard } from './clock-guard.ts'
import { Committer, type Sealed } from './committer.ts'
import type { Decider, Decision, Waits } from './decider.ts'
import { EngineError } from './errors.ts'
import type { Followers } from './followers.ts'
import { Lanes } from './lanes.ts'
import { EVENT_BYTES_MAX, GROUP_EVENTS_MAX } from './limits.ts'
import { BODY_START, type Buffers, buffersOf, OpenGroup } from './open-group.ts'
import type { Outcome } from './outcome.ts'
import type { LedgerRequest } from './request.ts'
import { requestBound } from './request-bound.ts'
import type { Salts } from './salts.ts'
import type { Scheduler } from './scheduler.ts'
import type { LedgerState } from './tally-ledger.ts'
import { Waiters } from './waiters.ts'
import { BodyOutcome, type Done, Work } from './work.ts'

export interface SequencerParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly decider: Decider
  readonly followers: Followers
  readonly writer: JournalWriter
  readonly clock: ClockGuard
  readonly scheduler: Scheduler
  readonly salts: Salts
  readonly shard: number
  /** Newest sequence on disk at the start. */
  readonly durable: number
  /** Small groups may be written on this thread. */
  readonly inline: boolean
  /** Between two groups, on this thread: short work only. */
  readonly betweenGroups: () => void
  /** The book is durable up to here. */
  readonly onDurable: (sequence: number) => void
  readonly onFatal: (error: Error) => void
  readonly onNote: (note: string) => void
}

/** Between two parts of a request others get at most so many times what the part took. */
const PAUSE_PER_PART_MAX = 4n

export class Sequencer {
  readonly #parts: SequencerParts
  readonly #lanes = new Lanes()
  readonly #waiters = new Waiters()
  readonly #committer: Committer
  readonly #offsets = new Uint32Array(GROUP_EVENTS_MAX)
  readonly #buffers = new Map<JournalGroup, Buffers>()
  #open: OpenGroup | undefined
  /** The request of which a part is decided. */
  #begun: Work | undefined
  /** When its last part ended, ns. */
  #pausedAt = 0n
  #state: LedgerState = 'open'
  /** Bytes that the disk had no room for. */
  #missing = 0
  #durable: number
  /** Its timestamp, ns. */
  #durableTimestamp: bigint
  #scheduled = false
  /** A hold fell due while nothing else was to do. */
  #releaseDue = false
  #onQuiet: (() => void) | undefined

  constructor(parts: SequencerParts) {
    this.#parts = parts
    this.#durable = parts.durable
    this.#durableTimestamp = parts.ledger.lastTimestamp
    this.#committer = new Committer({
      writer: parts.writer,
      clock: parts.clock,
      inline: parts.inline,
      onDurable: (sealed) => this.#answer(sealed),
      onIdle: () => this.#schedule(),
    })
  }

  /** A full disk is looked at again: whoever only asks for the state learns that there is room. */
  get state(): LedgerState {
    if (this.#state === 'storage_full' && this.#parts.writer.hasRoom(this.#missing)) {
      this.#state = 'open'
    }
    return this.#state
  }
  get durableSequence(): number {
    return this.#durable
  }
  get durableTimestamp(): bigint {
    return this.#durableTimestamp
  }
  get queued(): { requests: number; bytes: number } {
    return { requests: this.#lanes.length, bytes: this.#lanes.bytes }
  }
  get written(): { groups: number; inline: number; bytes: number } {
    const { groups, groupsInline, bytes } = this.#committer
    return { groups, inline: groupsInline, bytes }
  }

  submit(request: LedgerRequest, done: Done): void {
    try {
      this.#assertUsable()
      this.#lanes.push(new Work(request, requestBound(request), done))
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      this.#parts.scheduler.soon(() => done(error))
      return
    }
    this.#schedule()
  }

  /** Calls back once `sequence` is durable. @throws EngineError. */
  whenDurable(sequence: number, wake: (failure: EngineError | undefined) => void): void {
    if (sequence <= this.#durable) return wake(undefined)
    this.#assertUsable()
    this.#waiters.add(sequence, wake)
  }

  /** Calls `betweenGroups` soon. */
  wake(): void {
    this.#schedule()
  }

  /** A hold has fallen due. */
  release(): void {
    this.#releaseDue = true
    this.#schedule()
  }

  confirmClock(): void {
    this.#parts.clock.confirm()
    if (this.#state === 'clock_jump') this.#state = 'open'
    this.release()
  }

  /** Told by the journal. */
  durable(durable: number): void {
    this.#committer.durable(durable)
  }

  /** Stops for good: nobody can know any more what is on disk. */
  fail(cause: Error): void {
    if (this.#state === 'failed') return
    this.#state = 'failed'
    const message =
      'the write failed after the decision: only a restart tells whether it is durable'
    const unknown = new EngineError('outcome_unknown', message, { cause })
    const lost = this.#committer.fail().flatMap(({ works }) => works)
    const begun = this.#begun === undefined ? [] : [this.#begun]
    this.#begun = undefined
    for (const work of [...lost, ...(this.#open?.works ?? []), ...begun]) this.#tell(work, unknown)
    this.#waiters.fail(unknown)
    this.#refuseAll(new EngineError('unavailable', 'the ledger has stopped', { cause }))
    this.#onQuiet?.()
    this.#parts.onFatal(cause)
  }

  /** Takes nothing new, and resolves when all that was taken is answered. */
  async quiesce(): Promise<void> {
    if (this.#state !== 'failed') this.#state = 'closed'
    if (this.#quiet) return
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve
    })
    this.#schedule()
    await quiet
  }

  get #quiet(): boolean {
    if (this.#state === 'failed') return true
    return this.#lanes.length === 0 && this.#open === undefined && this.#committer.idle
  }

  #assertUsable(): void {
    if (this.#state === 'failed') throw new EngineError('unavailable', 'the ledger has stopped')
    if (this.#state === 'closed') throw new EngineError('unavailable', 'the ledger is closed')
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#parts.scheduler.soon(() => {
      this.#scheduled = false
      this.#turn()
    })
  }

  #turn(): void {
    if (this.#state === 'failed') return
    try {
      // Taking a group may have taken note of finished ones without a call back: what is durable is asked for here.
      this.durable(this.#parts.writer.poll())
      if (this.#isAtRest()) this.#advance()
      this.durable(this.#parts.writer.poll())
    } catch (error) {
      return this.fail(error instanceof Error ? error : new Error(String(error)))
    }
    // Between two turns the network is heard; while a group is on its way, its end calls the next turn.
    if (this.#begun !== undefined) this.#schedule()
    if (this.#lanes.length > 0 && this.#committer.idle) this.#schedule()
    if (this.#quiet) this.#onQuiet?.()
  }

  /** Does the next part of the request that is begun, if one is. @returns whether none is half decided: nothing else may happen while one is. */
  #isAtRest(): boolean {
    const { decider, clock } = this.#parts
    if (this.#begun === undefined) return true
    const from = clock.monotonic()
    // However many others are heard between two parts, a share of the time is the request's.
    const least = (from - this.#pausedAt) / PAUSE_PER_PART_MAX
    do this.#decided(this.#begun, () => decider.proceed())
    while (this.#begun !== undefined && clock.monotonic() - from < least)
    return this.#begun === undefined
  }

  #advance(): void {
    // The writer's news may have been that.
    if (this.#state === 'failed') return
    if (this.#releaseDue && this.#open === undefined) this.#begin()
    this.#releaseDue = false
    this.#fill()
    if (this.#begun !== undefined) return
    if (this.#open !== undefined && this.#committer.idle) this.#dispatch(this.#open)
    if (this.#open === undefined) this.#parts.betweenGroups()
  }

  /** Decides what waits and fits, in the order of the lanes. */
  #fill(): void {
    while (this.#begun === undefined) {
      const lane = this.#lanes.turn
      if (lane === undefined) return
      const work = this.#lanes.first(lane)
      const group = this.#open ?? this.#begin()
      if (work === undefined || group === undefined) return
      // Interactive work that could be on its way at once does not wait for bulk work to be decided.
      if (lane === 'bulk' && this.#committer.idle && group.commands('interactive') > 0) return
      if (!group.fits(work)) return
      this.#lanes.shift(lane)
      const bytes = group.bytesWith(work.bytes)
      if (this.#parts.writer.hasRoom(bytes)) this.#decide(work, group)
      else this.#refuseFull(work, bytes)
    }
  }

  #decide(work: Work, group: OpenGroup): void {
    this.#decided(work, () => this.#parts.decider.decide(work, group))
  }

  /** Takes note of what a part of deciding has come to. */
  #decided(work: Work, decide: () => Decision): void {
    this.#begun = undefined
    try {
      const decision = decide()
      if (decision.kind === 'waits') return this.#answerLater(work, decision)
      if (this.#state === 'storage_full') this.#state = 'open'
      if (decision.kind === 'begun') this.#pause(work)
    } catch (error) {
      if (!(error instanceof EngineError)) {
        // Its events may be half decided: it is of the group that fails.
        this.#tell(work, new EngineError('outcome_unknown', 'deciding failed', { cause: error }))
        throw error
      }
      this.#tell(work, error)
    }
  }

  #pause(work: Work): void {
    this.#begun = work
    this.#pausedAt = this.#parts.clock.monotonic()
  }

  #answerLater(work: Work, decision: Waits): void {
    this.whenDurable(decision.until, (failure) => {
      this.#tell(work, failure ?? outcomeOf(decision.outcome))
    })
  }

  /** Opens a group; undefined: there is no room, no free buffer or no trusted time. */
  #begin(): OpenGroup | undefined {
    const { ledger, writer, clock, book, followers } = this.#parts
    const proposed = clock.propose()
    if (proposed === undefined) {
      if (this.#state === 'open') this.#parts.onNote(jumpNote(clock.jumped))
      if (this.#state !== 'closed') this.#state = 'clock_jump'
      return this.#refuseAll(refusal('clock_jump'))
    }
    const deadline = ledger.nextDeadline()
    const isDue = deadline !== undefined && deadline <= proposed
    const releases = isDue ? Math.min(RELEASES_PER_BATCH_MAX, ledger.read.openHoldCount) : 0
    const bytes = (releases + 1) * EVENT_BYTES_MAX
    if (!writer.hasRoom(bytes)) {
      for (const work of this.#lanes.empty()) this.#refuseFull(work, bytes)
      return undefined
    }
    const journal = writer.take()
    if (journal === undefined) return undefined
    const buffers = this.#buffers.get(journal) ?? buffersOf(journal)
    this.#buffers.set(journal, buffers)
    const { memory } = buffers
    const records = ledger.open({ memory, start: BODY_START, offsets: this.#offsets, proposed })
    this.#open = new OpenGroup(journal, buffers, records)
    book.open = this.#open
    followers.follow(this.#open, 0, this.#open.count)
    return this.#open
  }

  #dispatch(group: OpenGroup): void {
    const { ledger, writer, book, salts, shard } = this.#parts
    this.#open = undefined
    book.open = undefined
    if (group.count === 0) {
      ledger.seal()
      writer.giveBack(group.journal)
      return
    }
    const length = group.seal(shard, salts.next())
    ledger.seal()
    const { memory, firstSequence, works } = group
    const sealed: Sealed = { body: new BookBody(memory, BODY_START, firstSequence), works }
    this.#committer.commit(group.journal, sealed, () => {
      sealed.body = book.recent.add(memory, BODY_START, length, firstSequence)
    })
  }

  #answer({ body, works }: Sealed): void {
    this.#durable = body.lastSequence
    this.#durableTimestamp = body.firstTimestamp + BigInt(body.lastSequence - body.firstSequence)
    for (const work of works) {
      const part = { first: work.firstEvent, count: work.commands }
      this.#tell(work, new BodyOutcome(body, part, work.request))
    }
    this.#waiters.wake(this.#durable)
    this.#parts.onDurable(this.#durable)
  }

  /** A repeated key writes nothing, and so needs no room. */
  #refuseFull(work: Work, bytes: number): void {
    if (this.#state === 'open') this.#state = 'storage_full'
    this.#missing = bytes
    try {
      const repeated = this.#parts.decider.repeat(work.request, this.#open)
      if (repeated === undefined) this.#tell(work, refusal('storage_full'))
      else this.#answerLater(work, repeated)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      this.#tell(work, error)
    }
  }

  #refuseAll(error: EngineError): undefined {
    for (const work of this.#lanes.empty()) this.#tell(work, error)
  }

  /** A caller's own failure is not the engine's: it surfaces by itself. */
  #tell(work: Work, outcome: Outcome | EngineError): void {
    try {
      work.done(outcome)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

function outcomeOf(make: () => BodyOutcome): Outcome | EngineError {
  try {
    return make()
  } catch (error) {
    if (error instanceof EngineError) return error
    return new EngineError('corrupt', 'the first answer could not be read', { cause: error })
  }
}

function refusal(code: 'storage_full' | 'clock_jump'): EngineError {
  return new EngineError(
    code,
    code === 'storage_full'
      ? 'the disk is full: nothing was decided; reads go on'
      : 'the wall clock has jumped: writes wait until an operator confirms it',
  )
}

function jumpNote(ns: bigint): string {
  return `the wall clock jumped forward by ${ns / 1_000_000_000n} s; writes are stopped until it is confirmed`
}
