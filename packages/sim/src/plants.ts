/**
 * Bugs planted on purpose, to prove that the simulator finds such bugs. All of them are planted at the disk: the product
 * knows nothing of them.
 */
import type { Disk } from '@tallystick/journal'

import { emptyRuns } from './lost-runs.ts'
import { LyingDisk } from './lying-disk.ts'
import { UncutTail } from './uncut-tail.ts'
import type { VirtualDisk } from './virtual-disk.ts'

export interface Plant {
  readonly about: string
  /** Stands between a process and its disk. */
  readonly port?: (disk: Disk) => Disk
  /** Happens to the disk while no process runs. */
  readonly betweenProcesses?: (disk: VirtualDisk) => void
}

export const PLANTS = {
  'skip-sync': {
    about: 'syncs of the journal return at once and do nothing',
    port: (disk) => new LyingDisk(disk),
  },
  'keep-torn-tail': {
    about: 'a torn tail is not cut at recovery, writing goes on behind it',
    port: (disk) => new UncutTail(disk),
  },
  'stale-index': {
    about: 'sealed runs of ids are lost at a restart and not made again',
    betweenProcesses: (disk) => emptyRuns(disk, 'ids'),
  },
  'forget-keys': {
    about: 'sealed idempotency keys are forgotten at a restart',
    betweenProcesses: (disk) => emptyRuns(disk, 'requests'),
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof PLANTS
export const PLANT_NAMES = Object.keys(PLANTS) as PlantName[]

export const plantOf = (name: PlantName | undefined): Plant | undefined =>
  name === undefined ? undefined : PLANTS[name]
