/** The sink that hands pages to the snapshot thread through a few shared slices. */
import { Worker } from 'node:worker_threads'

import { SNAPSHOT_SLICES } from '../limits.ts'
import type { SnapshotPlan } from './snapshot-file.ts'
import type { SnapshotPart, SnapshotSink } from './snapshot-sink.ts'
import type { SnapshotOrder, SnapshotReply } from './snapshot-worker.ts'

export class ThreadSnapshotSink implements SnapshotSink {
  onReady = (): void => {}
  readonly #directory: string
  readonly #worker: Worker
  readonly #slices: SharedArrayBuffer[]
  readonly #free: number[] = []
  #taken = -1
  #finished: { resolve: () => void; reject: (error: Error) => void } | undefined
  #failure: Error | undefined

  constructor(directory: string, sliceBytes: number) {
    this.#directory = directory
    this.#slices = Array.from({ length: SNAPSHOT_SLICES }, () => new SharedArrayBuffer(sliceBytes))
    this.#free = this.#slices.map((_, slot) => slot)
    this.#worker = new Worker(new URL('./snapshot-worker.ts', import.meta.url))
    this.#worker.on('message', (reply: SnapshotReply) => this.#heard(reply))
    this.#worker.on('error', (error) => this.#failed(error as Error))
    this.#worker.unref()
  }

  begin(plan: SnapshotPlan): void {
    if (this.#failure !== undefined) throw this.#failure
    this.#send({ kind: 'begin', directory: this.#directory, plan })
  }

  take(): Uint8Array | undefined {
    const slot = this.#free.pop()
    if (slot === undefined) return undefined
    this.#taken = slot
    return new Uint8Array(this.#slices[slot] as SharedArrayBuffer)
  }

  fill(what: SnapshotPart, bytes: number): void {
    const slot = this.#taken
    const slice = this.#slices[slot] as SharedArrayBuffer
    this.#send({ kind: 'fill', what, slot, slice, bytes })
  }

  finish(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#finished = { resolve, reject }
      this.#send({ kind: 'finish' })
    })
  }

  abandon(): void {
    this.#send({ kind: 'abandon' })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #send(order: SnapshotOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage(order)
  }

  #heard(reply: SnapshotReply): void {
    if (reply.kind === 'free') {
      this.#free.push(reply.slot)
      this.onReady()
      return
    }
    const finished = this.#finished
    this.#finished = undefined
    if (reply.failure === undefined) finished?.resolve()
    else finished?.reject(reply.failure)
  }

  #failed(error: Error): void {
    this.#failure = error
    this.#finished?.reject(error)
    this.#finished = undefined
  }
}
