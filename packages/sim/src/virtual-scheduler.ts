/** Runs the engine's tasks one by one, when the simulation says so; timers by virtual time. Of one process: it ends with it. */
import type { DirectoryOptions } from '@tallystick/engine'

import type { VirtualClock } from './virtual-clock.ts'

type Scheduler = NonNullable<DirectoryOptions['scheduler']>

interface Timer {
  readonly due: bigint
  readonly task: () => void
}

const NS_PER_MS = 1_000_000n

export class VirtualScheduler implements Scheduler {
  readonly #clock: VirtualClock
  #tasks: (() => void)[] = []
  readonly #timers = new Set<Timer>()
  #stopped = false

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  soon(task: () => void): void {
    if (!this.#stopped) this.#tasks.push(task)
  }

  after(ms: number, task: () => void): () => void {
    const timer = { due: this.#clock.monotonic() + BigInt(ms) * NS_PER_MS, task }
    if (!this.#stopped) this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Tasks that wait. */
  get waiting(): number {
    return this.#tasks.length
  }

  /** When the next timer is due, in monotonic ns. */
  get nextDue(): bigint | undefined {
    let next: bigint | undefined
    for (const { due } of this.#timers) if (next === undefined || due < next) next = due
    return next
  }

  /** Runs a timer that is due, or else the task that has waited longest. False: there is neither. */
  runNext(): boolean {
    const now = this.#clock.monotonic()
    for (const timer of this.#timers) {
      if (timer.due > now) continue
      this.#timers.delete(timer)
      timer.task()
      return true
    }
    const task = this.#tasks.shift()
    task?.()
    return task !== undefined
  }

  /** The process is gone: nothing of it runs any more. */
  stop(): void {
    this.#stopped = true
    this.#tasks = []
    this.#timers.clear()
  }
}
