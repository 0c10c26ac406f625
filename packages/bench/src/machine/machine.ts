/** What the figures were measured on. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os'

import { bytes, figure } from '../report/figure.ts'
import { measureSync, type SyncTime } from './sync-time.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memory: number
  readonly node: string
  readonly system: string
  readonly sync: SyncTime
  /** Load average of the minute before, as others may be working too. */
  readonly load: string
  /** All but the measured times, in one line. */
  readonly summary: string
}

/** @param directory where the data will lie: it is that disk that is measured. */
export function describeMachine(directory: string, syncTimes: number): Machine {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown'
  const cores = availableParallelism()
  const memory = totalmem()
  const node = process.version
  const system = `${platform()} ${release()}`
  const summary = `${cpu}, ${cores} cores, ${bytes(memory)}, ${system}, Node ${node}`
  const sync = measureSync(directory, syncTimes)
  return { cpu, cores, memory, node, system, sync, summary, load: loadAverage() }
}

function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '?'
  } catch {
    return '?'
  }
}

export function machineText({ summary, sync, load }: Machine): string {
  return [
    `Machine: ${summary}; load average at the start ${load}.`,
    `4 KiB written and synced (fdatasync) in ${figure(sync.p50)} ms, p99 ${figure(sync.p99)} ms.`,
    'Client and server share this machine. A disk that its host caches syncs faster than one that does not.',
  ].join('\n')
}
