/** One run: processes come and go on one disk under one seed, clients never stop asking, and the auditor looks after each recovery. */
import { verifyLedger } from '@tallystick/engine'
import { JournalCorrupt } from '@tallystick/journal'

import { compareEntries, compareHashes, compareViews } from './compare-books.ts'
import { DiskPort } from './disk-port.ts'
import { type Ending, FaultPlan } from './faults.ts'
import { follow } from './follow.ts'
import { DIRECTORY } from './groups.ts'
import { Life } from './life.ts'
import { Process } from './process.ts'
import { Traffic } from './traffic.ts'
import { Violation } from './violation.ts'
import { type World, type WorldOptions, worldOf } from './world.ts'

export interface RunOptions extends WorldOptions {
  /** Turns of the loop, over all processes. */
  readonly steps: number
}

export interface RunResult {
  readonly seed: number
  readonly digest: string
  readonly traced: number
  readonly coverage: World['coverage']
  /** undefined: all checks held. */
  readonly violation: Violation | undefined
}

/** Repeats of answered requests at the end of a run. */
const REPEATS_MAX = 200
/** Deaths in a row while recovering. */
const DEATHS_MAX = 3

export async function runSeed(options: RunOptions): Promise<RunResult> {
  const world = worldOf(options)
  const violation = await new Simulation(world).run(options.steps)
  const { trace, coverage } = world
  if (violation !== undefined) trace.tell(`VIOLATION ${violation.message}`)
  return {
    ...{ seed: options.seed, coverage, violation },
    ...{ digest: trace.digest(), traced: trace.events },
  }
}

class Simulation {
  readonly #world: World
  readonly #traffic: Traffic
  #starts = 0

  constructor(world: World) {
    this.#world = world
    this.#traffic = new Traffic(world)
  }

  async run(steps: number): Promise<Violation | undefined> {
    try {
      for (let left = steps; left > 0;) {
        const process = await this.#start()
        await this.#audit(process)
        const life = new Life(this.#world, this.#traffic, process)
        left = await life.live(left)
        this.#end(process, life.ending)
      }
      await this.#finish()
    } catch (error) {
      return violationOf(error)
    }
    return undefined
  }

  /** Starts a process; some die before they have recovered. */
  async #start(calm = false): Promise<Process> {
    const { prng, trace, coverage, disk, plant } = this.#world
    for (let deaths = 0; ; deaths++) {
      const faults = new FaultPlan(prng, this.#world.clock)
      const mayDie = !calm && this.#starts++ > 0 && deaths < DEATHS_MAX
      if (mayDie && prng.once(3)) faults.arm(prng.once(3) ? 'kill' : 'power', 1 + prng.below(30))
      plant?.betweenProcesses?.(disk)
      try {
        const process = await Process.start(this.#world, faults)
        faults.disarm()
        const { lastSequence } = process.ledger
        const { snapshotSequence } = process.ledger.metrics()
        trace.tell(`recovered ${lastSequence} events, snapshot of ${snapshotSequence}`)
        if (snapshotSequence > 0) coverage.add('snapshotsLoaded')
        return process
      } catch (error) {
        this.#startFailed(error, faults)
      }
    }
  }

  #startFailed(error: unknown, faults: FaultPlan): void {
    const { coverage, trace, disk } = this.#world
    if (faults.ended === 'power' || faults.ended === 'kill') {
      coverage.add('diedRecovering')
      trace.tell('died while recovering')
      return this.#machine(faults.ended)
    }
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      trace.tell('no space to recover: the operator makes some')
      disk.limitBytes = Number.POSITIVE_INFINITY
      return
    }
    const isCorrupt = error instanceof JournalCorrupt
    throw new Violation('a ledger opens after every crash', {
      expected: 'a recovered ledger',
      seen: isCorrupt ? `corruption: ${error.message}` : String(error),
      cause: error,
    })
  }

  /** What becomes of the disk when a process ends. */
  #machine(how: Ending | 'close'): void {
    const { prng, coverage, trace, disk } = this.#world
    if (how === 'close') return
    if (how === 'kill') {
      coverage.add('killed')
      return trace.tell(`killed with ${disk.unsynced} unsynced changes, which the system keeps`)
    }
    coverage.add('powerLost')
    const unsynced = disk.unsynced
    const mood = disk.losePower(prng)
    trace.tell(`lost power with ${unsynced} unsynced changes: ${mood}`)
  }

  #end(process: Process, how: Ending | 'close'): void {
    process.end()
    this.#traffic.died()
    if (how === 'sync fails') this.#machine(this.#world.prng.once(2) ? 'power' : 'kill')
    else this.#machine(how)
  }

  /** Everything that must be true right after a recovery. */
  async #audit(process: Process): Promise<void> {
    const { auditor, coverage, prng } = this.#world
    const { ledger } = process
    follow(this.#world, ledger, ledger.lastSequence)
    auditor.recovered()
    await process.rest()
    await this.#compare(process)
    coverage.add('recovered')
    if (prng.once(8)) await this.#verify()
  }

  async #compare(process: Process): Promise<void> {
    const { auditor, prng, coverage } = this.#world
    const { ledger } = process
    const content = await process.settle(ledger.contentHash())
    const state = await process.settle(ledger.stateHash())
    const { durableSequence } = ledger
    follow(this.#world, ledger, durableSequence)
    if (content === undefined || state === undefined)
      throw new Violation('a ledger that has recovered works', {
        expected: 'its hash',
        seen: String(process.failed),
      })
    compareHashes({ content, state }, auditor)
    compareViews(ledger, auditor, prng)
    compareEntries(ledger, auditor, prng)
    coverage.add('reads')
  }

  async #verify(): Promise<void> {
    const { disk, coverage, trace } = this.#world
    const report = await verifyLedger({ directory: DIRECTORY, disk: new DiskPort(disk) })
    const [problem] = report.problems
    trace.tell(`verified ${report.events} events of ${report.requests} requests`)
    if (problem !== undefined) {
      throw new Violation('verify finds nothing', {
        expected: 'no problem',
        seen: `${problem.kind}: ${problem.text}`,
      })
    }
    coverage.add('verified')
  }

  /** No more faults: what was answered is answered again, all is verified, and a clean close loses nothing. */
  async #finish(): Promise<void> {
    const { auditor, disk, prng } = this.#world
    disk.limitBytes = Number.POSITIVE_INFINITY
    const process = await this.#start(true)
    await this.#audit(process)
    const answered = [...auditor.owners.values()]
    while (answered.length > REPEATS_MAX) answered.splice(prng.below(answered.length), 1)
    for (const submission of answered) await this.#ask(process, this.#traffic.again(submission))
    for (let one = this.#traffic.unanswered(); one !== undefined;) {
      await this.#ask(process, one)
      one = this.#traffic.unanswered()
    }
    await process.rest()
    if (this.#traffic.violation !== undefined) throw this.#traffic.violation
    await this.#compare(process)
    auditor.recovered()
    await process.settle(process.ledger.close())
    this.#end(process, 'close')
    await this.#verify()
    const again = await this.#start(true)
    await this.#audit(again)
    await again.settle(again.ledger.close())
    again.end()
  }

  async #ask(process: Process, submission: Parameters<Traffic['submit']>[1]): Promise<void> {
    this.#traffic.submit(process.ledger, submission, () => process.gone)
    if (this.#traffic.waiting > 20) await process.rest()
  }
}

function violationOf(error: unknown): Violation {
  if (error instanceof Violation) return error
  const seen = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Violation('nothing throws that should not', {
    expected: 'a run to its end',
    seen,
    cause: error,
  })
}
