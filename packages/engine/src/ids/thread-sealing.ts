/** Sealing in a thread of its own: the main thread's end of the conversation with `seal-worker.ts`. */
import { Worker } from 'node:worker_threads'

import type { SealedIdsOptions, Sealing } from './sealed-ids.ts'
import type { SealState } from './seal-state.ts'

/** What the thread is started with. */
export interface SealThreadData {
  readonly directory: string
  readonly journalDirectory: string
  readonly journalId: Uint8Array
  readonly shard: number
  readonly firstSequence: number
  readonly lastSequence: number
  readonly seed: number
}

export type SealTask =
  | { readonly kind: 'seal'; readonly from: number; readonly through: number }
  | { readonly kind: 'repair'; readonly files: readonly string[] }
  | { readonly kind: 'seen'; readonly revision: number }
  | { readonly kind: 'wantFilter'; readonly file: string }
  | { readonly kind: 'close' }

export type SealNews =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** `answer`: to the task that waits, or to the start; otherwise a merge changed the set. */
  | { readonly kind: 'state'; readonly state: SealState; readonly answer: boolean }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string }

interface Waiting {
  resolve(state: SealState): void
  reject(error: unknown): void
}

export class ThreadSealing implements Sealing {
  onState: (state: SealState) => void = () => {}
  readonly #worker: Worker
  readonly #options: SealedIdsOptions
  readonly #exited: Promise<void>
  #waiting: Waiting | undefined
  #ended: Error | undefined
  #closing = false

  private constructor(options: SealedIdsOptions) {
    const { directory, journal, seed } = options
    const workerData: SealThreadData = {
      directory,
      journalDirectory: journal.directory,
      journalId: journal.id,
      shard: journal.shard,
      firstSequence: journal.firstSequence,
      lastSequence: journal.lastSequence,
      seed,
    }
    this.#options = options
    this.#worker = new Worker(new URL('./seal-worker.ts', import.meta.url), {
      workerData,
      name: 'seal',
    })
    this.#worker.on('message', (news: SealNews) => this.#hear(news))
    this.#worker.once('error', (error) => this.#end(asError(error)))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end(new Error('the sealing thread ended'))
        resolve()
      })
    })
  }

  static async start(
    options: SealedIdsOptions,
  ): Promise<{ sealing: ThreadSealing; state: SealState }> {
    const sealing = new ThreadSealing(options)
    return { sealing, state: await sealing.#answer() }
  }

  seal(from: number, through: number): Promise<SealState> {
    return this.#ask({ kind: 'seal', from, through })
  }

  repair(files: readonly string[]): Promise<SealState> {
    return this.#ask({ kind: 'repair', files })
  }

  #ask(task: SealTask): Promise<SealState> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    if (this.#waiting !== undefined) return Promise.reject(new Error('one task at a time'))
    const answer = this.#answer()
    this.#send(task)
    return answer
  }

  seen(revision: number): void {
    this.#send({ kind: 'seen', revision })
  }

  wantFilter(file: string): void {
    this.#send({ kind: 'wantFilter', file })
  }

  #send(task: SealTask): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage(task)
  }

  #answer(): Promise<SealState> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  #hear(news: SealNews): void {
    if (news.kind === 'progress') return this.#options.onProgress?.(news.done, news.total)
    if (news.kind === 'state' && !news.answer) return this.onState(news.state)
    const waiting = this.#waiting
    this.#waiting = undefined
    if (news.kind === 'state') waiting?.resolve(news.state)
    else waiting?.reject(Object.assign(new Error(news.message), { code: news.code }))
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = error
    this.#waiting?.reject(error)
    this.#waiting = undefined
    if (!this.#closing) this.#options.onFailure?.(error)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#send({ kind: 'close' })
    await this.#exited
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
