/**
 * Decides one request: its keys first, then its commands, and then what follows from them: the digest, the key index and the
 * indexes over records. Synchronous; only `resolve` may read the disk.
 */
import { type Ledger, Memory } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { Book } from './book.ts'
import { copyEvents } from './dry-run.ts'
import { EngineError } from './errors.ts'
import type { Followers } from './followers.ts'
import type { OpenGroup } from './open-group.ts'
import type { LedgerRequest, LookUpKey } from './request.ts'
import { requestOfEvent } from './saved-request.ts'
import { BodyOutcome, type Work } from './work.ts'

/** Where the saved requests are found by their look-up keys. */
export interface RequestIndex {
  /** Sequence of the first event of the request with that key; 0 = none. May read the disk. */
  find(low: bigint, high: bigint): number
  add(low: bigint, high: bigint, sequence: number): void
}

/** The answer is ready once `until` is durable. */
export interface Waits {
  readonly kind: 'waits'
  readonly until: number
  readonly outcome: () => BodyOutcome
}

/** What became of a request. `decided`: it is in the group. `begun`: a part of it is done, the next is due in another turn. */
export type Decision = { readonly kind: 'decided' | 'begun' } | Waits

const DECIDED: Decision = { kind: 'decided' }
const BEGUN: Decision = { kind: 'begun' }
/** Resolving a command takes a fraction of what deciding it takes. */
const RESOLVED_PER_DECIDED = 4

/** A request that is being decided. */
interface Running {
  readonly work: Work
  readonly group: OpenGroup
  /** Index in the group of its first event. */
  readonly first: number
  /** Its keys that no request has used before; undefined: not everything is resolved yet. */
  fresh: readonly LookUpKey[] | undefined
}

export class Decider {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #requests: RequestIndex
  readonly #followers: Followers
  readonly #key = Memory.allocate(16)
  readonly #partCommands: number
  #running: Running | undefined

  /** @param parts.partCommands commands that are decided at a time; larger requests are decided in parts. */
  constructor(parts: {
    ledger: Ledger
    book: Book
    requests: RequestIndex
    followers: Followers
    partCommands: number
  }) {
    this.#ledger = parts.ledger
    this.#book = parts.book
    this.#requests = parts.requests
    this.#followers = parts.followers
    this.#partCommands = parts.partCommands
  }

  /** @throws EngineError `key_conflict`, or `corrupt` when the book cannot say what the request refers to: nothing is decided. */
  decide(work: Work, group: OpenGroup): Decision {
    const { request } = work
    if (request.mayStill?.() === false) {
      throw new EngineError('forbidden', 'the right to ask for it was taken back')
    }
    const repeated = this.repeat(request, group)
    if (repeated !== undefined) return repeated
    this.#book.beginResolve()
    this.#ledger.askedBy(request)
    if (request.dryRun === true) return this.#dryRun(work, group)
    this.#ledger.begin(request.batch)
    this.#running = { work, group, first: group.count, fresh: undefined }
    return this.proceed()
  }

  /**
   * Does the next part of the request that is begun. Until the last one nothing else may be decided; others may read.
   * @throws EngineError as `decide` does, as long as nothing is decided: the request is given up.
   */
  proceed(): Decision {
    const running = this.#running
    assert(running !== undefined, 'a request is begun')
    const { work, group, first } = running
    if (running.fresh === undefined) {
      if (!this.#resolveNext(running)) return BEGUN
      if (work.commands > this.#partCommands) return BEGUN
    }
    const from = group.count
    const { plain } = group
    const isDone = this.#ledger.applyNext(this.#partCommands)
    // Part by part: the indexes that others read know what the ledger knows. Nothing follows from a plain transfer: a part of nothing else is not walked through.
    if (group.count - from > group.plain - plain) this.#followers.follow(group, from, group.count)
    if (!isDone) return BEGUN
    this.#running = undefined
    this.#book.endResolve()
    this.#addKeys(work.request, running.fresh ?? [], group.firstSequence + first)
    group.add(work, first)
    return DECIDED
  }

  /** @returns whether all is resolved. */
  #resolveNext(running: Running): boolean {
    try {
      return this.#look(() => {
        if (!this.#ledger.resolveNext(this.#partCommands * RESOLVED_PER_DECIDED)) return false
        // Asked before the decision: afterwards nothing may fail for a disk that cannot be read.
        running.fresh = this.#freshKeys(running.work.request)
        return true
      })
    } catch (error) {
      this.#running = undefined
      this.#ledger.giveUp()
      this.#book.endResolve()
      throw error
    }
  }

  #addKeys({ keys }: LedgerRequest, fresh: readonly LookUpKey[], sequence: number): void {
    for (const key of keys) {
      this.#key.u64[0] = key.low
      this.#key.u64[1] = key.high
      this.#ledger.foldKey(this.#key, 0)
    }
    for (const key of fresh) this.#requests.add(key.low, key.high, sequence)
  }

  /**
   * What a request with a key that was used before gets: nothing is written. Undefined: it is none.
   * @param group the open one, if any. @throws EngineError `key_conflict`, `corrupt`
   */
  repeat(request: LedgerRequest, group: OpenGroup | undefined): Waits | undefined {
    const earlier = this.#look(() => this.#find(request))
    return earlier === 0 ? undefined : this.#look(() => this.#repeat(request, group, earlier))
  }

  /** The keys that no request has used before: it is theirs. */
  #freshKeys({ keys }: LedgerRequest): readonly LookUpKey[] {
    if (keys.every(({ unique }) => unique)) return keys
    return keys.filter((key) => key.unique || this.#requests.find(key.low, key.high) === 0)
  }

  /** Before anything is decided: what cannot be read refuses the request, and no more. */
  #look<Answer>(read: () => Answer): Answer {
    try {
      return read()
    } catch (error) {
      if (error instanceof EngineError) throw error
      const message = 'the book could not be read to decide this request'
      throw new EngineError('corrupt', message, { cause: error })
    }
  }

  /** Sequence of the first event of an earlier request with one of the unique keys; 0 = none. */
  #find(request: LedgerRequest): number {
    for (const key of request.keys) {
      if (!key.unique) continue
      const sequence = this.#requests.find(key.low, key.high)
      if (sequence !== 0) return sequence
    }
    return 0
  }

  #repeat(request: LedgerRequest, group: OpenGroup | undefined, sequence: number): Waits {
    const isOpen = group !== undefined && sequence >= group.firstSequence
    const open = isOpen ? group.workOf(sequence) : undefined
    const saved = open === undefined ? this.#saved(sequence) : undefined
    const digest = open?.request.digest ?? saved?.digest
    if (digest === undefined || Buffer.compare(digest, request.digest) !== 0) {
      throw new EngineError('key_conflict', 'the key was used before with another command')
    }
    const count = open?.commands ?? saved?.count ?? 0
    const until = sequence + count - 1
    return { kind: 'waits', until, outcome: () => this.#replay(sequence) }
  }

  #saved(sequence: number) {
    return requestOfEvent(this.#book.frameOf(sequence), sequence)
  }

  #replay(sequence: number): BodyOutcome {
    const body = this.#book.frameOf(sequence)
    const saved = requestOfEvent(body, sequence)
    if (saved === undefined) throw new EngineError('corrupt', `event ${sequence} has no request`)
    const part = { first: saved.firstSequence - body.firstSequence, count: saved.count }
    return new BodyOutcome(body, part, saved.envelope, { replayed: true })
  }

  #dryRun(work: Work, group: OpenGroup): Decision {
    const { batch } = work.request
    try {
      this.#look(() => this.#ledger.resolve(batch))
      const { first, count } = this.#ledger.apply(batch, { dryRun: true })
      const body = copyEvents(group, first, count)
      const outcome = new BodyOutcome(body, { first: 0, count }, work.request, { dryRun: true })
      // What it saw may still be on its way to disk.
      return { kind: 'waits', until: this.#ledger.lastSequence, outcome: () => outcome }
    } finally {
      this.#book.endResolve()
    }
  }
}
