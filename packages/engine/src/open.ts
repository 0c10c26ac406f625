/** Opens a ledger: in memory, or from a directory with recovery. */
import type { Disk } from '@tallystick/journal'

import type { Clock } from './clock.ts'
import type { TallyLedger } from './tally-ledger.ts'

/** How far opening has come. `total` is in the same unit; what it counts depends on the stage. */
export interface OpenProgress {
  readonly stage: 'snapshot' | 'replay' | 'ids' | 'verify'
  readonly done: number
  readonly total: number
}

interface CommonOptions {
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Called once when a write failed for good: the process has to stop, a restart recovers. */
  readonly onFatal?: (error: Error) => void
  /** Notes for an operator: a broken snapshot passed over, a torn tail cut, the clock jumped. */
  readonly onNote?: (note: string) => void
  readonly shard?: number
  /** Random bytes for salts; default `crypto.randomFillSync`. Tests and the simulator inject theirs. */
  readonly random?: (into: Uint8Array) => void
}

export interface MemoryOptions extends CommonOptions {
  readonly memory: true
  readonly directory?: undefined
}

export interface DirectoryOptions extends CommonOptions {
  readonly memory?: false
  /** Made when it is not there. One process at a time: others get `DirectoryLocked`. */
  readonly directory: string
  readonly disk?: Disk
  /** Use a writer thread and worker threads; default true on the real disk. */
  readonly threads?: boolean
  readonly onProgress?: (progress: OpenProgress) => void
  /** Journal bytes between two snapshots; 0 = only at `close` and by `snapshot()`. */
  readonly snapshotEveryBytes?: number
}

export type OpenOptions = MemoryOptions | DirectoryOptions

/**
 * Opens a ledger. @throws DirectoryLocked, JournalCorrupt, JournalRefused (from `@tallystick/journal`), and what the disk throws.
 */
export function openLedger(options: OpenOptions): Promise<TallyLedger> {
  return Promise.reject(new Error(`not wired yet: ${options.memory === true}`))
}
