/** One process of the simulated machine: an opened ledger with its disk port, its tasks and its faults, until it ends. */
import { openLedger, type TallyLedger } from '@tallystick/engine'

import { DiskPort } from './disk-port.ts'
import type { FaultPlan } from './faults.ts'
import { DIRECTORY } from './groups.ts'
import { VirtualScheduler } from './virtual-scheduler.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

/** So small that groups, segments, runs and snapshots come and go many times in a run. */
const GROUP_BYTES = 640 * 1024
const SIZES = {
  groupBytes: GROUP_BYTES,
  segmentBytes: 4_096 + 4 * GROUP_BYTES,
  idsPerGeneration: 48,
  partCommands: 3,
} as const
const SNAPSHOT_EVERY_BYTES = 400_000
/** Turns without a task after which a promise will not be kept any more. */
const IDLE_TURNS_MAX = 20
/** Tasks in a row while time stands still: more are a loop that keeps a core busy. */
const TURNS_MAX = 50_000

export class Process {
  readonly ledger: TallyLedger
  readonly scheduler: VirtualScheduler
  readonly faults: FaultPlan
  gone = false
  /** Set when the engine said that it has to stop. */
  readonly #fatal: { error: Error | undefined }

  private constructor(parts: {
    ledger: TallyLedger
    scheduler: VirtualScheduler
    faults: FaultPlan
    fatal: { error: Error | undefined }
  }) {
    this.ledger = parts.ledger
    this.scheduler = parts.scheduler
    this.faults = parts.faults
    this.#fatal = parts.fatal
  }

  /** @throws what opening throws. */
  static async start(world: World, faults: FaultPlan): Promise<Process> {
    const scheduler = new VirtualScheduler(world.clock)
    const fatal: { error: Error | undefined } = { error: undefined }
    const port = new DiskPort(world.disk, faults, world.news)
    const ledger = await openLedger({
      ...{ directory: DIRECTORY, clock: world.clock, scheduler, random: world.fill },
      disk: world.plant?.port?.(port) ?? port,
      ...{ snapshotEveryBytes: SNAPSHOT_EVERY_BYTES, sizes: SIZES },
      onFatal: (error) => (fatal.error = error),
      onNote: (note) => noted(world, note),
    })
    return new Process({ ledger, scheduler, faults, fatal })
  }

  get failed(): Error | undefined {
    return this.#fatal.error
  }

  /** The machine took it away in the middle of something. */
  get died(): boolean {
    return this.faults.ended === 'power' || this.faults.ended === 'kill'
  }

  /** Runs one task, and all that follows from it at once. False: there was none. */
  async turn(): Promise<boolean> {
    const ran = this.scheduler.runNext()
    await microtasks()
    return ran
  }

  /** Runs tasks until a promise is settled. undefined: the process died or failed before. @throws what it rejects with. */
  async settle<Value>(promise: Promise<Value>): Promise<Value | undefined> {
    let settled = false
    const done = promise.finally(() => (settled = true))
    done.catch(() => {})
    for (let idle = 0, turns = 0; idle < IDLE_TURNS_MAX && turns < TURNS_MAX; turns++) {
      const ran = await this.turn()
      if (settled) return done
      if (this.died || this.failed !== undefined) return undefined
      idle = ran ? 0 : idle + 1
    }
    throw new Violation('what is begun comes to an end', {
      expected: 'an answer once nothing is left to run',
      seen: 'none',
    })
  }

  /** What a process does with a disk that is gone may throw whatever it likes. @throws what is thrown by one that lives. */
  async unlessItDies(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!this.died || error instanceof Violation) throw error
    }
  }

  /** Runs tasks until none is left. */
  async rest(): Promise<void> {
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      if (this.died || this.failed !== undefined || !(await this.turn())) return
    }
    throw new Violation('an engine that nobody asks anything comes to rest', {
      expected: 'no task that asks for another at once, for ever',
      seen: `${TURNS_MAX} tasks in a row while time stood still`,
    })
  }

  end(): void {
    this.gone = true
    this.scheduler.stop()
  }
}

/** Everything that promises lead to; with no file and no timer of the system in play, their order is always the same. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

function noted(world: World, note: string): void {
  if (note.startsWith('an unfinished write is cut')) world.coverage.add('tornTails')
  world.trace.tell(`note: ${note}`)
}
