/**
 * Requests that wait for their group, in two lanes. Interactive ones go first; bulk ones go when nobody else waits, and keep at
 * least a tenth of the commands when somebody always does.
 */
import { EngineError } from './errors.ts'
import { QUEUE_BYTES_MAX, QUEUE_REQUESTS_MAX } from './limits.ts'
import type { Lane } from './request.ts'
import type { Work } from './work.ts'

/** Interactive commands that may go before one bulk command, when both wait. */
const INTERACTIVE_PER_BULK = 9

/** First in, first out, with bounds. */
class Queue {
  #works: (Work | undefined)[] = []
  #head = 0
  bytes = 0

  get length(): number {
    return this.#works.length - this.#head
  }

  get first(): Work | undefined {
    return this.#works[this.#head]
  }

  push(work: Work): void {
    if (this.length >= QUEUE_REQUESTS_MAX || this.bytes + work.bytes > QUEUE_BYTES_MAX) {
      throw new EngineError('overloaded', 'too many requests are waiting; try again later')
    }
    this.#works.push(work)
    this.bytes += work.bytes
  }

  shift(): void {
    this.bytes -= this.first?.bytes ?? 0
    this.#works[this.#head++] = undefined
    if (this.#head < 1_024 || this.#head < this.#works.length / 2) return
    this.#works = this.#works.slice(this.#head)
    this.#head = 0
  }
}

export class Lanes {
  readonly #interactive = new Queue()
  readonly #bulk = new Queue()
  /** Interactive commands that went before the bulk request that waits. */
  #passed = 0

  get length(): number {
    return this.#interactive.length + this.#bulk.length
  }

  get bytes(): number {
    return this.#interactive.bytes + this.#bulk.bytes
  }

  /** @throws EngineError `overloaded`. */
  push(work: Work): void {
    const queue = work.request.lane === 'bulk' ? this.#bulk : this.#interactive
    queue.push(work)
  }

  /** Whose turn it is; undefined: nobody waits. */
  get turn(): Lane | undefined {
    const bulk = this.#bulk.first
    if (bulk === undefined) return this.#interactive.length > 0 ? 'interactive' : undefined
    if (this.#interactive.length === 0) return 'bulk'
    return this.#passed >= bulk.commands * INTERACTIVE_PER_BULK ? 'bulk' : 'interactive'
  }

  first(lane: Lane): Work | undefined {
    return lane === 'bulk' ? this.#bulk.first : this.#interactive.first
  }

  /** Takes the first of a lane out. */
  shift(lane: Lane): void {
    if (lane === 'bulk') {
      this.#bulk.shift()
      this.#passed = 0
      return
    }
    if (this.#bulk.length > 0) this.#passed += this.#interactive.first?.commands ?? 0
    this.#interactive.shift()
  }

  /** Takes everything out. */
  empty(): Work[] {
    const works: Work[] = []
    for (let lane = this.turn; lane !== undefined; lane = this.turn) {
      const work = this.first(lane)
      if (work !== undefined) works.push(work)
      this.shift(lane)
    }
    return works
  }
}
