/** CPU time and memory of another process, from /proc; elsewhere than on Linux they are not known. */
import { readFileSync } from 'node:fs'

/** What the kernel counts CPU time in: 100 a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
/** Fields of `/proc/PID/stat` after the name in brackets: user and system time. */
const USER = 11
const SYSTEM = 12

/** Seconds of CPU so far, all threads; NaN when it is not known. */
export function cpuSeconds(pid: number): number {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND
}

export interface MemoryUse {
  /** Bytes resident now. */
  readonly now: number
  /** Bytes resident at most so far. */
  readonly peak: number
}

/** NaN when it is not known. */
export function memoryUse(pid: number): MemoryUse {
  const status = read(`/proc/${pid}/status`)
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024
  return { now: kib('VmRSS'), peak: kib('VmHWM') }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
