/** The thread that follows, seen from the main one. */
import { Worker } from 'node:worker_threads'

import type { ConnectionConfig } from '@tallystick/postgres'

import type { Position } from './position.ts'

/** What it is started with. */
export interface FollowThreadData {
  readonly config: ConnectionConfig
  /** Of the journal's segments. */
  readonly bookDirectory: string
  readonly journalId: Uint8Array
  /** Events that are durable. */
  readonly through: number
  /** Empty the tables first. */
  readonly rebuild: boolean
}

export type FollowTask =
  | { readonly kind: 'follow'; readonly through: number }
  | { readonly kind: 'close' }

export type FollowNews =
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'failed'; readonly message: string }

export class FollowThread {
  readonly #worker: Worker
  /** Resolves when it has ended: with why, or with nothing when it was closed. */
  readonly ended: Promise<string | undefined>
  #isClosing = false

  constructor(workerData: FollowThreadData, onPosition: (position: Position) => void) {
    this.#worker = new Worker(new URL('./follow-worker.ts', import.meta.url), {
      workerData,
      name: 'read-models',
    })
    this.#worker.unref()
    let failure: string | undefined
    this.#worker.on('message', (news: FollowNews) => {
      if (news.kind === 'failed') failure = news.message
      else onPosition(news.position)
    })
    this.#worker.once('error', (error) => (failure = String(error)))
    this.ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        resolve(this.#isClosing ? undefined : (failure ?? 'the thread ended'))
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
    await this.ended
  }

  #post(task: FollowTask): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage(task)
  }
}
