/** Keeps a thread that reads the journal in the background, and what it found. */
import { Worker } from 'node:worker_threads'

import type { Log } from '../start/log.ts'

export interface ScrubTask {
  /** Of the data. */
  readonly directory: string
  /** Of the journal. */
  readonly book: string
  readonly shard: number
  /** ms in which the whole journal is read once. */
  readonly periodMs: number
}

export type ScrubMessage =
  | { readonly kind: 'read'; readonly bytes: number }
  /** What a pass of an earlier life found. */
  | { readonly kind: 'known'; readonly damage: string | undefined }
  /** A pass is over. @param damage what is wrong. */
  | { readonly kind: 'passed'; readonly damage: string | undefined }

/** What the background reader did and found. */
export class Scrubbed {
  bytes = 0
  passes = 0
  /** When the last pass ended, ms since 1970; 0 = none has. */
  passedAt = 0
  /** What the last pass found; undefined: nothing. */
  damage: string | undefined

  hear(message: ScrubMessage): void {
    if (message.kind === 'read') {
      this.bytes += message.bytes
      return
    }
    this.damage = message.damage
    if (message.kind === 'known') return
    this.passes++
    this.passedAt = Date.now()
  }
}

export class Scrubber {
  readonly #worker: Worker

  constructor(task: ScrubTask, scrubbed: Scrubbed, log: Log) {
    this.#worker = new Worker(new URL('./scrub-worker.ts', import.meta.url), {
      workerData: task,
      name: 'scrub',
    })
    this.#worker.unref()
    this.#worker.on('message', (message: ScrubMessage) => {
      scrubbed.hear(message)
      if (message.kind !== 'read' && message.damage !== undefined) {
        log.error('the journal is damaged: mend it from a backup', { damage: message.damage })
      }
    })
    this.#worker.once('error', (error) => {
      log.warn('the journal is no longer read in the background', { error: String(error) })
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
