/** Does jobs on a writer thread. Nothing is copied between the threads: groups and tail are shared memory. */
import { Worker } from 'node:worker_threads'

import type { AppenderOptions } from './appender.ts'
import type { JobRunner } from './job-runner.ts'
import { describe } from './jobs.ts'
import type { SharedTail } from './shared-tail.ts'

/** What the thread is started with. */
export interface ThreadData {
  readonly tail: SharedArrayBuffer
  readonly groups: readonly SharedArrayBuffer[]
  readonly options: Omit<AppenderOptions, 'disk'>
}

export class ThreadRunner implements JobRunner {
  readonly threaded = true
  readonly #tail: SharedTail
  readonly #worker: Worker
  readonly #exited: Promise<void>
  readonly #wake: () => void

  constructor(tail: SharedTail, data: ThreadData, wake: () => void) {
    this.#tail = tail
    this.#wake = wake
    // Files are opened on either thread and used on both, so the thread's end must not close them.
    const options = { workerData: data, trackUnmanagedFds: false, name: 'journal-writer' }
    this.#worker = new Worker(new URL('./writer-thread.ts', import.meta.url), options)
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.once('exit', () => {
      if (!tail.stopped) this.#fail('the writer thread ended')
    })
    this.#worker.once('error', (error) => this.#fail(describe(error)))
    void this.#watch()
  }

  start(job: number): void {
    this.#tail.submit(job)
  }

  wait(): void {
    const { wakes } = this.#tail
    this.#tail.want()
    if (this.#tail.released === this.#tail.submitted || this.#tail.failure !== undefined) return
    this.#tail.waitForWake(wakes)
  }

  async close(): Promise<void> {
    this.#tail.stop()
    await this.#exited
  }

  #fail(reason: string): void {
    this.#tail.fail(reason)
    this.#wake()
  }

  /** Wakes the writer when a job is published, and when one is released that it waits for. As fast as a message, without a structured clone. */
  async #watch(): Promise<void> {
    while (!this.#tail.stopped && this.#tail.failure === undefined) {
      const { wakes } = this.#tail
      this.#wake()
      await this.#tail.afterWake(wakes)
    }
    this.#wake()
  }
}
