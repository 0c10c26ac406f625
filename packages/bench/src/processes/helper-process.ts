/** A process of our own that answers questions: workloads run there, so that none inherits another's heap or code. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

import { assert } from '@tallystick/money'

import { endWithUs } from './end-with-us.ts'
import type { Reply } from './questions.ts'

export class HelperProcess {
  readonly #child: ChildProcess
  #waiting:
    | { resolve: (answer: unknown) => void; reject: (error: Error) => void; onProgress: OnProgress }
    | undefined

  /** @param file of this package's `src`. */
  constructor(file: string) {
    const path = new URL(`../${file}`, import.meta.url)
    this.#child = endWithUs(
      fork(path, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    this.#child.on('message', (reply) => this.#hear(reply as Reply))
    this.#child.on('exit', (code) => {
      this.#waiting?.reject(new Error(`${file} ended with ${String(code)} before it answered`))
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** One question at a time. */
  ask<Answer>(question: object, onProgress: OnProgress = () => {}): Promise<Answer> {
    assert(this.#waiting === undefined, 'one question at a time')
    return new Promise<Answer>((resolve, reject) => {
      const answered = (answer: unknown): void => resolve(answer as Answer)
      this.#waiting = { resolve: answered, reject, onProgress }
      this.#child.send(question)
    })
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    if (reply.kind === 'progress') return waiting.onProgress(reply.progress)
    this.#waiting = undefined
    if (reply.kind === 'answer') waiting.resolve(reply.answer)
    else waiting.reject(new Error(reply.message))
  }
}

export type OnProgress = (progress: unknown) => void

/** Asks one question of a fresh process. */
export async function askOnce<Answer>(file: string, question: object): Promise<Answer> {
  const helper = new HelperProcess(file)
  try {
    return await helper.ask<Answer>(question)
  } finally {
    await helper.stop()
  }
}
