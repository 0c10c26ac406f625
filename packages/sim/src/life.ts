/** The life of one process between its recovery and its end: clients ask, the clock moves, disks fill, and something ends it. */
import type { Ending } from './faults.ts'
import { follow } from './follow.ts'
import type { Process } from './process.ts'
import { readSomething, type Traffic } from './traffic.ts'
import { Violation } from './violation.ts'
import type { World } from './world.ts'

const SECOND = 1_000_000_000n
/** Requests that wait at once. */
const WAITING_MAX = 40
/** Bytes that are left when a disk fills up, at the most. */
const SPACE_LEFT_MAX = 1_000_000

export class Life {
  readonly #world: World
  readonly #traffic: Traffic
  readonly #process: Process
  #stepsLeft: number
  /** The wall is so far ahead, ns. */
  #ahead = 0n
  ending: Ending | 'close' = 'kill'

  constructor(world: World, traffic: Traffic, process: Process) {
    this.#world = world
    this.#traffic = traffic
    this.#process = process
    const { prng } = world
    this.#stepsLeft = 30 + prng.below(500)
    if (prng.once(4)) return
    const endings: readonly Ending[] = ['power', 'power', 'power', 'kill', 'sync fails']
    process.faults.arm(prng.pick(endings), 1 + prng.below(prng.once(4) ? 15 : 250))
  }

  /** Lives for so many steps at the most; returns how many are left. */
  async live(steps: number): Promise<number> {
    let left = steps
    if (this.#world.auditor.through === 0) this.#submit(this.#traffic.open())
    while (left-- > 0 && this.#stepsLeft-- > 0) {
      await this.#process.unlessItDies(() => this.#step())
      await this.#process.unlessItDies(() => this.#process.turn())
      if (this.#traffic.violation !== undefined) throw this.#traffic.violation
      if (this.#hasEnded()) return left
    }
    await this.#depart()
    return left
  }

  #hasEnded(): boolean {
    const { faults, failed } = this.#process
    const { coverage } = this.#world
    if (this.#process.died) {
      this.ending = faults.ended ?? 'kill'
      return true
    }
    if (failed === undefined) return false
    if (faults.ended !== 'sync fails') {
      throw new Violation('a ledger stops only when a write failed', {
        expected: 'it to go on',
        seen: failed.message,
        cause: failed,
      })
    }
    coverage.add('syncFailed')
    this.ending = 'sync fails'
    this.#world.trace.tell('a sync failed: the engine stopped')
    return true
  }

  /** Nothing ended it: it is closed, or taken away at a moment when it does nothing with the disk. */
  async #depart(): Promise<void> {
    const { prng, coverage, trace } = this.#world
    if (prng.once(3)) {
      this.ending = prng.once(2) ? 'power' : 'kill'
      return
    }
    const process = this.#process
    try {
      await process.settle(process.ledger.close())
    } catch (error) {
      // The end came while closing; whether it had a reason is asked below.
      if (!process.died && process.failed === undefined) throw error
    }
    if (this.#hasEnded()) return
    this.ending = 'close'
    coverage.add('closed')
    trace.tell('closed')
  }

  #step(): void {
    const { prng } = this.#world
    const choice = prng.below(1_000)
    if (choice < 300) return this.#ask()
    if (choice < 330) return this.#advance()
    if (choice < 336) return this.#setClock()
    if (choice < 350) return this.#confirmClock()
    if (choice < 354) return this.#fillDisk()
    if (choice < 360) return this.#slowDisk()
    if (choice < 364) return this.#snapshot()
    if (choice < 384) return readSomething(this.#process.ledger.reader, prng)
    if (choice < 400) return this.#follow()
    if (this.#process.scheduler.waiting === 0) this.#waitForTimer()
  }

  #ask(): void {
    if (this.#traffic.waiting >= WAITING_MAX) return
    const { prng } = this.#world
    const late = prng.once(3) ? this.#traffic.unanswered() : undefined
    this.#submit(late ?? this.#traffic.next())
    // Many at once: they share a group.
    while (prng.once(3) && this.#traffic.waiting < WAITING_MAX) this.#submit(this.#traffic.next())
  }

  #submit(submission: Parameters<Traffic['submit']>[1]): void {
    const process = this.#process
    this.#traffic.submit(process.ledger, submission, () => process.gone || process.died)
  }

  #advance(): void {
    const { prng, clock } = this.#world
    clock.advance(
      prng.once(3) ? BigInt(prng.below(4_000)) * 1_000_000n : BigInt(prng.below(1_000_000)),
    )
  }

  /** With nothing to do, time passes until the next timer. */
  #waitForTimer(): void {
    const { clock } = this.#world
    const due = this.#process.scheduler.nextDue
    const wait = due === undefined ? 0n : due - clock.monotonic()
    if (wait > 0n) clock.advance(wait < 2n * SECOND ? wait : SECOND / 4n)
  }

  #setClock(): void {
    const { prng, clock, coverage, trace } = this.#world
    const kind = prng.below(4)
    const seconds = BigInt(1 + prng.below(kind === 3 ? 20_000 : 9)) * SECOND
    if (kind < 2) {
      coverage.add('clockBack')
      trace.tell(`the wall clock is set back by ${seconds / SECOND} s`)
      return clock.jump(-seconds)
    }
    const jump = kind === 2 ? seconds : seconds + 11n * SECOND
    if (kind === 2) coverage.add('clockForward')
    else this.#ahead += jump
    trace.tell(`the wall clock is set forward by ${jump / SECOND} s`)
    clock.jump(jump)
  }

  /** The operator sees that writes have stopped: the clock is right, or is set right first. */
  #confirmClock(): void {
    const { prng, clock, coverage, trace } = this.#world
    if (this.#process.ledger.state !== 'clock_jump') return
    if (prng.once(2)) clock.jump(-this.#ahead)
    this.#ahead = 0n
    this.#process.ledger.confirmClock()
    coverage.add('clockStops')
    trace.tell('the operator confirmed the clock')
  }

  #fillDisk(): void {
    const { prng, disk, coverage, trace } = this.#world
    if (disk.limitBytes < Number.POSITIVE_INFINITY) {
      disk.limitBytes = Number.POSITIVE_INFINITY
      this.#traffic.fat = false
      return trace.tell('there is space again')
    }
    disk.limitBytes = disk.usedBytes + prng.below(SPACE_LEFT_MAX)
    this.#traffic.fat = true
    coverage.add('fullDisks')
    trace.tell('the disk is full')
  }

  #slowDisk(): void {
    const { prng, coverage, trace } = this.#world
    const { faults } = this.#process
    faults.slowMs = faults.slowMs > 0 ? 0 : 1 + prng.below(80)
    if (faults.slowMs > 0) coverage.add('slowDisks')
    trace.tell(
      faults.slowMs > 0 ? `calls take up to ${faults.slowMs} ms` : 'the disk is quick again',
    )
  }

  #snapshot(): void {
    // A full disk or the process's end may keep it from being made.
    this.#process.ledger.snapshot().catch(() => {})
  }

  /** Lets the model catch up, so that clients ask for what makes sense by now. */
  #follow(): void {
    const { auditor } = this.#world
    const { ledger } = this.#process
    const { durableSequence } = ledger
    if (this.#process.died || durableSequence === auditor.through) return
    follow(this.#world, ledger, durableSequence)
  }
}
