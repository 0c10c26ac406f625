/** Evaluates in a thread of its own, which reads the journal's files: the ledger's thread has nothing to do with it but to say how far they are durable. */
import { Worker } from 'node:worker_threads'

import type { RuleNews, RuleSource } from './rule-source.ts'

/** What the thread is started with. */
export interface RuleThreadData {
  /** Of the journal's segments. */
  readonly bookDirectory: string
  readonly journalId: Uint8Array
}

export type RuleTask =
  | { readonly kind: 'follow'; readonly through: number }
  | { readonly kind: 'close' }

export class RuleThread implements RuleSource {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  #isClosing = false

  constructor(
    workerData: RuleThreadData,
    then: {
      readonly onNews: (news: RuleNews) => void
      /** It ended, and was not closed. */
      readonly onFailure: (failure: string) => void
    },
  ) {
    this.#worker = new Worker(new URL('./rule-worker.ts', import.meta.url), {
      workerData,
      name: 'rules',
    })
    this.#worker.unref()
    let failure = 'the thread ended'
    this.#worker.on('message', (news: RuleNews) => {
      if (!this.#isClosing) then.onNews(news)
    })
    this.#worker.once('error', (error) => (failure = String(error)))
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        if (!this.#isClosing) then.onFailure(failure)
        resolve()
      })
    })
  }

  follow(through: number): void {
    this.#post({ kind: 'follow', through })
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#post({ kind: 'close' })
    this.#worker.ref()
    await this.#ended
  }

  #post(task: RuleTask): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage(task)
  }
}
