/** When things run, injected like the clock, so that a simulation decides the order. */

export interface Scheduler {
  /** Runs a task after what has already arrived was taken in. */
  soon(task: () => void): void
  /** Runs a task after some ms; @returns how to call it off. */
  after(ms: number, task: () => void): () => void
}

export const systemScheduler: Scheduler = {
  soon: (task) => void setImmediate(task),
  after: (ms, task) => {
    const timer = setTimeout(task, ms)
    // A hold that will expire some day is no reason for a process to stay.
    timer.unref()
    return () => clearTimeout(timer)
  },
}
