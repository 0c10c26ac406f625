/** Threads that work in the background step back, so that on few cores they take what the ledger leaves. */
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** The least share that there is, when another thread wants the same core. */
const NICENESS = 19

/** Of the thread that calls it. Only Linux knows a priority for a thread alone; elsewhere nothing happens. */
export function stepBack(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1)
    setPriority(Number(thread), NICENESS)
  } catch {
    // It is a courtesy: without it the work goes on, and takes its share.
  }
}
