/** A request on its way through the engine, and what it comes to. */
import type { RecordCursor } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { BookBody } from './book-body.ts'
import type { EngineError } from './errors.ts'
import type { Outcome } from './outcome.ts'
import type { Envelope, LedgerRequest } from './request.ts'

export type Done = (outcome: Outcome | EngineError) => void

export class Work {
  readonly request: LedgerRequest
  readonly done: Done
  /** The most bytes that it takes in a frame: records, their offsets, the request. */
  readonly bytes: number
  /** Index in its group of its first event, once it is decided. */
  firstEvent = 0

  constructor(request: LedgerRequest, bytes: number, done: Done) {
    this.request = request
    this.bytes = bytes
    this.done = done
  }

  get commands(): number {
    return this.request.batch.count
  }
}

/** Events `first` … `first + count − 1` of a body, as the answer to a request. */
export class BodyOutcome implements Outcome {
  readonly saved: Envelope
  readonly count: number
  readonly replayed: boolean
  readonly dryRun: boolean
  readonly #body: BookBody
  readonly #first: number

  constructor(
    body: BookBody,
    part: { first: number; count: number },
    saved: Envelope,
    how: { replayed?: boolean; dryRun?: boolean } = {},
  ) {
    this.#body = body
    this.#first = part.first
    this.count = part.count
    this.saved = saved
    this.replayed = how.replayed ?? false
    this.dryRun = how.dryRun ?? false
  }

  get firstSequence(): number {
    return this.#body.firstSequence + this.#first
  }

  get firstTimestamp(): bigint {
    return this.#body.firstTimestamp + BigInt(this.#first)
  }

  status(index: number): number {
    assert(index >= 0 && index < this.count, 'the request has that event')
    return this.#body.memory.u8[this.#body.recordAt(this.#first + index) + 1] ?? 0
  }

  record(index: number, cursor: RecordCursor): RecordCursor {
    assert(index >= 0 && index < this.count, 'the request has that event')
    return this.#body.point(this.#first + index, cursor)
  }
}
