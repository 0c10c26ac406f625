/** Does jobs on the caller's thread, a little later: for disks that no thread can share, and for the simulator. */
import type { Appender } from './appender.ts'
import type { JobRunner } from './job-runner.ts'
import { runJob } from './jobs.ts'
import { RESERVE_JOB } from './job-counters.ts'
import type { SharedTail } from './shared-tail.ts'

export class LocalRunner implements JobRunner {
  readonly threaded = false
  readonly #tail: SharedTail
  readonly #appender: Appender
  readonly #defer: (write: () => void) => void
  readonly #wake: () => void

  constructor(options: {
    tail: SharedTail
    appender: Appender
    defer: (write: () => void) => void
    wake: () => void
  }) {
    this.#tail = options.tail
    this.#appender = options.appender
    this.#defer = options.defer
    this.#wake = options.wake
  }

  start(job: number): void {
    this.#tail.submit(job)
    // Space is reserved at once: with nobody else to do it, putting it off would only make the tail unavailable.
    if (job === RESERVE_JOB) return this.wait()
    this.#defer(() => {
      this.#runNext()
      this.#wake()
    })
  }

  wait(): void {
    while (this.#runNext());
  }

  async close(): Promise<void> {
    this.#tail.stop()
  }

  /** Does the oldest job, if `wait` has not done it before; false when there is none. */
  #runNext(): boolean {
    const { submitted, released, stopped, failure } = this.#tail
    if (submitted === released || stopped || failure !== undefined) return false
    runJob(this.#tail, this.#appender, { patient: false })
    return true
  }
}
