/** What outlives the processes of one run: disk, clock, seed, and those who watch. */
import { Prng } from '@tallystick/testkit'

import { Auditor } from './auditor.ts'
import { Coverage } from './coverage.ts'
import { DiskNews } from './disk-news.ts'
import { plantOf, type PlantName } from './plants.ts'
import { Trace } from './trace.ts'
import { VirtualClock } from './virtual-clock.ts'
import { VirtualDisk } from './virtual-disk.ts'

export interface WorldOptions {
  readonly seed: number
  readonly plant?: PlantName | undefined
  /** Gets what happens, in lines for people. */
  readonly tell?: ((line: string) => void) | undefined
}

/** Amounts are multiples of 2 to one of these: most are small, some need more than one word. */
const SCALE_BITS = [0, 0, 0, 31, 52, 63, 95]

export type World = ReturnType<typeof worldOf>

export function worldOf({ seed, plant, tell }: WorldOptions) {
  const prng = new Prng(seed)
  const clock = new VirtualClock()
  const coverage = new Coverage()
  const trace = new Trace(clock, tell)
  const random = prng.fork()
  return {
    ...{ prng, clock, coverage, trace },
    disk: new VirtualDisk(),
    news: new DiskNews(trace, coverage),
    auditor: new Auditor(prng.pick(SCALE_BITS), coverage),
    plant: plantOf(plant),
    /** The system's randomness: salts, ids, seeds of hash tables. */
    fill: (into: Uint8Array): void => {
      for (let at = 0; at < into.length; at++) into[at] = random.below(256)
    },
  }
}
