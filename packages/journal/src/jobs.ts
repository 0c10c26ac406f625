/** What is done for a submitted job, on whichever thread does it. */
import type { Appender } from './appender.ts'
import { diskErrorCode } from './disk.ts'
import { RESERVE_JOB } from './job-counters.ts'
import type { SharedTail } from './shared-tail.ts'

/**
 * Does the oldest job that is not released; a patient one also reserves more while no other job waits. After a failure it does
 * nothing: nothing is ever written again.
 */
export function runJob(tail: SharedTail, appender: Appender, options: { patient: boolean }): void {
  if (tail.failure !== undefined) return
  try {
    const job = tail.job(tail.released)
    if (job !== RESERVE_JOB) appender.append(job)
    tail.publish()
    // The answers are on their way by now; reserving space for the next groups keeps nobody waiting.
    appender.prepare()
    if (options.patient) prepareWhileIdle(tail, appender)
    tail.release()
  } catch (error) {
    tail.fail(describe(error))
  }
}

function prepareWhileIdle(tail: SharedTail, appender: Appender): void {
  const { submitted } = tail
  if (submitted !== ((tail.released + 1) | 0)) return
  // Who closes the journal waits for this thread: the space ahead can be prepared at the next start.
  const isQuiet = (): boolean => tail.submitted === submitted && !tail.stopped
  while (isQuiet()) if (!appender.prepareMore()) return
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = diskErrorCode(error)
  return code === '' || error.message.includes(code) ? error.message : `${code}: ${error.message}`
}
