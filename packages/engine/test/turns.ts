/** The event loop in the hands of a test: one task at a time, and whatever the test does between two of them. */
import type { Scheduler } from '../src/scheduler.ts'

export class Turns implements Scheduler {
  readonly #tasks: (() => void)[] = []
  readonly #timers = new Set<() => void>()

  soon(task: () => void): void {
    this.#tasks.push(task)
  }

  after(_ms: number, task: () => void): () => void {
    this.#timers.add(task)
    return () => this.#timers.delete(task)
  }

  /** All timers are due. */
  ring(): void {
    for (const task of [...this.#timers]) {
      this.#timers.delete(task)
      task()
    }
  }

  /** Runs the task that has waited longest, or shortest, and what promises lead to. */
  async run(which: 'oldest' | 'newest' = 'oldest'): Promise<void> {
    const task = which === 'oldest' ? this.#tasks.shift() : this.#tasks.pop()
    task?.()
    await new Promise((resolve) => void setImmediate(resolve))
  }

  /** Runs tasks until a promise is settled. @param between is called after each. */
  async settle<Value>(promise: Promise<Value>, between: () => void = () => {}): Promise<Value> {
    const progress = { isSettled: false }
    const settled = (): void => void (progress.isSettled = true)
    promise.then(settled, settled)
    while (!progress.isSettled) {
      await this.run()
      between()
    }
    return promise
  }
}
