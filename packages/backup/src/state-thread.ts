/** Starts the thread that proves a state, and waits for it. */
import { Worker } from 'node:worker_threads'

import type { ProvedState } from './manifest.ts'

export interface StateTask {
  /** Of the data. */
  readonly directory: string
  readonly shard: number
  readonly sequence: number
}

export type StateMessage =
  | { readonly done: number; readonly total: number }
  | { readonly state: ProvedState }

export interface StateThreadOptions {
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Rejects with what the thread threw; with an AbortError when it was told to stop. */
export async function proveState(
  task: StateTask,
  { onProgress, signal }: StateThreadOptions = {},
): Promise<ProvedState> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./state-worker.ts', import.meta.url), {
    workerData: task,
    name: 'backup-state',
  })
  const { promise, resolve, reject } = Promise.withResolvers<ProvedState>()
  const stop = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  worker.on('message', (message: StateMessage) => {
    if ('state' in message) resolve(message.state)
    else onProgress?.(message.done, message.total)
  })
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the thread that proves the state ended')))
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
