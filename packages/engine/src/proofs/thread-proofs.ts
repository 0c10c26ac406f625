/** The proof log in a thread of its own: the main thread's end of the conversation with `proof-worker.ts`. */
import { Worker } from 'node:worker_threads'

import type { AccountsState } from './accounts-root.ts'
import { TELL_MS } from './limits.ts'
import type { ProofHead } from './proof-files.ts'
import type { Proving, ProvingOptions, TreeOrder } from './proving.ts'

/** What the thread is started with. */
export interface ProofThreadData {
  /** Of the proofs. */
  readonly directory: string
  readonly bookDirectory: string
  readonly journalId: Uint8Array
}

export type ProofTask =
  | { readonly kind: 'follow'; readonly through: number; readonly wanted: number }
  | { readonly kind: 'remake'; readonly why: string }
  | { readonly kind: 'tree'; readonly order: TreeOrder }
  | { readonly kind: 'close' }

export type ProofNews =
  | { readonly kind: 'head'; readonly head: ProofHead }
  | { readonly kind: 'tree'; readonly tree: AccountsState | undefined }
  | { readonly kind: 'no_tree'; readonly message: string }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'failed'; readonly message: string }

export class ThreadProofs implements Proving {
  readonly #worker: Worker
  readonly #options: ProvingOptions
  readonly #exited: Promise<void>
  #durable = 0
  #wanted = 0
  #told = { through: 0, wanted: 0 }
  #timer: NodeJS.Timeout | undefined
  #hasEnded = false
  #tree: PromiseWithResolvers<AccountsState | undefined> | undefined

  constructor(options: ProvingOptions, workerData: ProofThreadData) {
    this.#options = options
    this.#worker = new Worker(new URL('./proof-worker.ts', import.meta.url), {
      workerData,
      name: 'proof',
    })
    this.#worker.unref()
    this.#worker.on('message', (news: ProofNews) => this.#hear(news))
    this.#worker.once('error', (error) => this.#end(String(error)))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end('the proof thread ended')
        resolve()
      })
    })
  }

  durable(sequence: number): void {
    this.#durable = sequence
    this.#timer ??= setTimeout(() => this.#tell(), TELL_MS).unref()
  }

  want(sequence: number): void {
    this.#wanted = Math.max(this.#wanted, sequence)
    clearTimeout(this.#timer)
    this.#tell()
  }

  remake(why: string): void {
    if (!this.#hasEnded) this.#post({ kind: 'remake', why })
  }

  tree(order: TreeOrder): Promise<AccountsState | undefined> {
    if (this.#hasEnded) return Promise.reject(new Error('the proof log has stopped'))
    this.#tree = Promise.withResolvers()
    this.#post({ kind: 'tree', order })
    return this.#tree.promise
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#hasEnded) this.#post({ kind: 'close' })
    // Nothing else may be left that keeps the process alive until then.
    this.#worker.ref()
    this.#hasEnded = true
    await this.#exited
    this.#tree?.reject(new Error('the ledger was closed'))
  }

  #tell(): void {
    this.#timer = undefined
    const through = this.#durable
    const wanted = this.#wanted
    if (this.#hasEnded || (through === this.#told.through && wanted === this.#told.wanted)) return
    this.#told = { through, wanted }
    this.#post({ kind: 'follow', through, wanted })
  }

  #post(task: ProofTask): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage(task)
  }

  #hear(news: ProofNews): void {
    if (news.kind === 'head') return this.#options.onHead(news.head)
    if (news.kind === 'note') return this.#options.onNote(news.note)
    if (news.kind === 'tree') return this.#tree?.resolve(news.tree)
    if (news.kind === 'no_tree') return this.#tree?.reject(new Error(news.message))
    return this.#end(news.message)
  }

  #end(why: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#tree?.reject(new Error(why))
    this.#options.onFailure(why)
  }
}
