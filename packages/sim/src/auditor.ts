/**
 * The auditor keeps what clients asked and were told, and reads the book beside it: every group is decided again by the slow
 * model, in the order that the book has. It never asks the engine whether the engine is right.
 */
import type { LedgerReader, Outcome, SavedRequest } from '@tallystick/engine'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'
import { Issued, ModelLedger } from '@tallystick/testkit'

import type { Coverage } from './coverage.ts'
import type { GroupPlace } from './groups.ts'
import { answerOf, numberOf, type Submission } from './submission.ts'
import { same, Violation } from './violation.ts'

/** A request as the book has it. */
interface Booked {
  readonly submission: Submission
  readonly firstTimestamp: bigint
  readonly statuses: string
}

export class Auditor {
  readonly model = new ModelLedger()
  readonly issued: Issued
  readonly submissions: Submission[] = []
  /** Sequence of every created transfer, by id. */
  readonly created = new Map<bigint, number>()
  /** Who has a key in the book. */
  readonly owners = new Map<string, Submission>()
  readonly #coverage: Coverage
  readonly #booked = new Map<number, Booked>()
  readonly #places = new Map<number, number>()
  readonly #bodies = new Map<string, Set<string>>()
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  #unchecked: Submission[] = []
  /** Events up to this one are on the model. */
  through = 0

  constructor(scaleBits: number, coverage: Coverage) {
    this.issued = new Issued(this.model, scaleBits)
    this.#coverage = coverage
  }

  sent(submission: Submission): void {
    const { key, digest } = submission
    this.submissions.push(submission)
    if (key === undefined) return
    const bodies = this.#bodies.get(key)
    if (bodies === undefined) this.#bodies.set(key, new Set([digest]))
    else bodies.add(digest)
  }

  answered(submission: Submission, outcome: Outcome): void {
    submission.knowledge = 'answered'
    if (outcome.dryRun) return this.#coverage.add('dryRuns')
    submission.answer = answerOf(outcome)
    if (outcome.replayed) this.#coverage.add('replayed')
    this.#unchecked.push(submission)
  }

  /** The engine said that it decided nothing. */
  refused(submission: Submission, code: string): void {
    submission.knowledge = 'not decided'
    if (code === 'storage_full') this.#coverage.add('fullRefusals')
    if (this.#places.has(submission.number)) {
      throw new Violation('what is refused is not in the book', {
        expected: `nothing of request ${submission.number}, refused as ${code}`,
        seen: `it in the book at ${this.#places.get(submission.number)}`,
      })
    }
    if (code !== 'key_conflict') return
    this.#coverage.add('conflicts')
    const bodies = this.#bodies.get(submission.key ?? '')?.size ?? 0
    if (bodies < 2) {
      throw new Violation('a key is refused only for another body', {
        expected: `an answer to request ${submission.number}, the only body that ever had its key`,
        seen: 'key_conflict',
      })
    }
  }

  /** Decides the groups again that it has not seen. @param through the newest event that must be there. */
  follow(reader: LedgerReader, groups: readonly GroupPlace[], through: number): void {
    for (const { firstSequence, count } of groups) {
      same('sequences have no gap', firstSequence, this.through + 1)
      this.#group(reader, firstSequence, firstSequence + count - 1)
      this.through = firstSequence + count - 1
    }
    same('what was durable is in the book', this.through, through)
    this.#checkAnswers()
  }

  #group(reader: LedgerReader, first: number, last: number): void {
    const proposed = reader.record(first, this.#cursor).timestamp
    let next = first
    for (const { id, sequence } of this.model.apply({ commands: [], proposed })) {
      const record = reader.record(next, this.#cursor)
      same(`event ${next} releases a hold`, record.kind, Operation.releaseHold)
      same(`the hold that event ${next} releases`, record.id, id)
      same('sequence of a release', next, Number(sequence))
      this.#coverage.add('released')
      next++
    }
    while (next <= last) next = this.#request(reader.requestOf(next), next)
    same('a group ends where its last request does', next, last + 1)
    this.#coverage.add('events', last - first + 1)
  }

  #request(saved: SavedRequest | undefined, sequence: number): number {
    const submission =
      saved === undefined ? undefined : this.submissions[numberOf(saved.envelope.requestId)]
    if (saved === undefined || submission === undefined) {
      throw new Violation('every event was asked for, or is the release of a hold that was due', {
        expected: `a request of event ${sequence}`,
        seen: saved === undefined ? 'none' : 'one that nobody sent',
      })
    }
    this.#claim(submission, saved)
    const { commands, request } = submission
    const decisions = this.model.apply({
      ...{ commands, proposed: saved.firstTimestamp },
      withoutReleases: true,
    })
    for (const [index, decision] of decisions.entries()) {
      const event = `event ${sequence + index}`
      same(`status of ${event}, as the model has it`, saved.status(index), decision.status)
      same(`sequence of ${event}`, sequence + index, Number(decision.sequence))
      if (decision.operation === Operation.createTransfer && decision.status === 0) {
        this.created.set(decision.id, sequence + index)
      }
    }
    same(`timestamp of event ${sequence}`, saved.firstTimestamp, decisions[0]?.timestamp)
    this.issued.endBatch(decisions)
    for (const { low, high } of request.keys) this.model.foldKey((high << 64n) | low)
    return sequence + commands.length
  }

  /** The book has it: once, whole, and only if nobody was told that it would not be there. */
  #claim(submission: Submission, saved: SavedRequest): void {
    const { number, key, commands, knowledge, request } = submission
    const { firstSequence, firstTimestamp, count } = saved
    same(`events of request ${number}`, count, commands.length)
    const before = this.#places.get(number)
    const mustNot = knowledge === 'not decided' || knowledge === 'lost' || request.dryRun === true
    if (before !== undefined || mustNot) {
      throw new Violation('a request is decided once, and only if it was not refused', {
        expected: before === undefined ? 'it nowhere in the book' : `it at ${before} alone`,
        seen: `request ${number}, ${knowledge}, at ${firstSequence}`,
      })
    }
    const owner = key === undefined ? undefined : this.owners.get(key)
    if (owner !== undefined) {
      throw new Violation('a key is used once', {
        expected: `${key} with request ${owner.number} alone`,
        seen: `it with request ${number} too, at ${firstSequence}`,
      })
    }
    if (key !== undefined) this.owners.set(key, submission)
    if (knowledge === 'unknown') this.#coverage.add('unknownThere')
    this.#places.set(number, firstSequence)
    const statuses = Array.from({ length: count }, (_, index) => saved.status(index)).join()
    this.#booked.set(firstSequence, { submission, firstTimestamp, statuses })
  }

  /** Whoever was answered was told what the book says. */
  #checkAnswers(): void {
    const later: Submission[] = []
    for (const submission of this.#unchecked) {
      const { answer, number, key } = submission
      if (answer === undefined) continue
      const booked = this.#booked.get(answer.firstSequence)
      if (booked === undefined && answer.firstSequence > this.through) {
        later.push(submission)
        continue
      }
      const owner = answer.replayed && key !== undefined ? this.owners.get(key) : submission
      same(
        `who is answered from event ${answer.firstSequence}`,
        booked?.submission.number,
        owner?.number,
      )
      same(`body of the request that ${number} repeats`, owner?.digest, submission.digest)
      same(`statuses that request ${number} was told`, answer.statuses.join(), booked?.statuses)
      same(`time that request ${number} was told`, answer.firstTimestamp, booked?.firstTimestamp)
    }
    this.#unchecked = later
  }

  /** After a recovery nothing is outstanding: what was acknowledged is there, and what is not there never will be. */
  recovered(): void {
    const [lost] = this.#unchecked
    if (lost !== undefined) {
      throw new Violation('no acknowledged request is lost', {
        expected: `request ${lost.number} at ${lost.answer?.firstSequence}`,
        seen: `a book that ends at ${this.through}`,
      })
    }
    for (const submission of this.submissions) {
      if (submission.knowledge !== 'unknown' || this.#places.has(submission.number)) continue
      submission.knowledge = 'lost'
      this.#coverage.add('unknownGone')
    }
  }
}
