/** Roots of the book in a thread that lives as long as that takes: the ledger's own thread goes on meanwhile. */
import { Worker } from 'node:worker_threads'

export interface RootsTask {
  /** Of the data. */
  readonly directory: string
  readonly shard: number
  /** Ascending. */
  readonly sizes: readonly number[]
}

/** `rootsOfBook` of the real disk. Rejects with what that throws. */
export function rootsInThread(workerData: RootsTask): Promise<Uint8Array[]> {
  const worker = new Worker(new URL('./roots-worker.ts', import.meta.url), {
    ...{ workerData, name: 'roots' },
  })
  worker.unref()
  return new Promise((resolve, reject) => {
    worker.once('message', (roots: Uint8Array[]) => resolve(roots))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that hashes the book ended')))
  })
}
