/** Plays a scenario on a machine and reports, line by line, what it answered and how that differs. */
import type { Batch, Decision, StateMachine } from './state-machine.ts'
import { Operation } from '@tallystick/ledger'
import { VirtualClock } from './clock.ts'
import { nameOf } from './id-text.ts'
import type { AccountRow, Report, StepRow } from './report.ts'
import { statusName } from './status-text.ts'
import type {
  AskedCommand,
  BatchStep,
  ClockStep,
  Expectation,
  Line,
  Scenario,
  Step,
  ViewStep,
} from './step.ts'
import { writeTime } from './value-text.ts'
import { type Facts, look } from './view.ts'

export interface RunOptions {
  /** Called with every batch that was applied, dry runs too. */
  readonly afterBatch?: (batch: Batch, decisions: readonly Decision[]) => void
}

export function run(machine: StateMachine, scenario: Scenario, options: RunOptions = {}): Report {
  return new Player(machine, scenario, options).play()
}

class Player {
  readonly #machine: StateMachine
  readonly #scenario: Scenario
  readonly #options: RunOptions
  readonly #clock = new VirtualClock()
  readonly #rows: (StepRow | AccountRow)[] = []
  /** Accounts of every transfer that was asked for, to show those of released holds. */
  readonly #touched = new Map<bigint, readonly bigint[]>()
  /** Releases of the latest batch. */
  #releases: readonly Decision[] = []

  constructor(machine: StateMachine, scenario: Scenario, options: RunOptions) {
    this.#machine = machine
    this.#scenario = scenario
    this.#options = options
  }

  play(): Report {
    for (const step of this.#scenario.steps) this.#step(step)
    return { rows: this.#rows }
  }

  #step(step: Step): void {
    switch (step.kind) {
      case 'batch':
        return this.#batch(step)
      case 'view':
        return this.#view(step)
      case 'clock':
        return this.#moveClock(step)
    }
  }

  #moveClock({ line, relative, nanoseconds }: ClockStep): void {
    if (relative) this.#clock.advance(nanoseconds)
    else this.#clock.set(nanoseconds)
    this.#row(line, writeTime(this.#clock.now()))
  }

  #batch({ line, asked, dryRun, by }: BatchStep): void {
    const commands = asked.map(({ command }) => command)
    const batch = { commands, proposed: this.#clock.now(), dryRun, by }
    const decisions = this.#machine.apply(batch)
    const released = decisions.length - commands.length
    this.#releases = decisions.slice(0, released)
    if (asked.length === 0) this.#row(line, `${released} released`)
    for (const release of this.#releases) this.#release(release)
    for (const [index, decision] of decisions.slice(released).entries()) {
      const command = asked[index]
      if (command !== undefined) this.#answer(command, decision, dryRun)
    }
    if (!dryRun) this.#showAccounts(asked)
    this.#options.afterBatch?.(batch, decisions)
  }

  #release({ id, amount }: Decision): void {
    const text = `release ${this.#name(id)}`
    this.#rows.push({ kind: 'step', line: 0, text, answer: `released ${amount}` })
  }

  #answer({ line, command, expected }: AskedCommand, decision: Decision, dryRun: boolean): void {
    const status = statusName(command.operation, decision.status)
    const answer = `${dryRun ? 'would be ' : ''}${status}${this.#details(decision)}`
    const wrong = expected === undefined ? [] : this.#compare(expected, status, decision)
    const text = line.text.split(/\s(?:->|→)\s/)[0] ?? ''
    this.#row({ number: line.number, text: text.trim() }, answer, wrong)
  }

  #compare({ status, facts }: Expectation, actual: string, decision: Decision): string[] {
    const { amount, refusal } = decision
    const shown = Object.entries<bigint>({ amount, ...refusal })
    const wrong = this.#differences(
      facts,
      new Map(shown.map(([name, value]) => [name, String(value)])),
    )
    return status === actual ? wrong : [`expected ${status}, was ${actual}`, ...wrong]
  }

  #details({ amount, refusal }: Decision): string {
    if (refusal === undefined) return amount === 0n ? '' : ` ${amount}`
    const { account, needed, available, limit } = refusal
    return ` account=${this.#name(account)} needed=${needed} available=${available} limit=${limit}`
  }

  #showAccounts(asked: readonly AskedCommand[]): void {
    for (const { command, touches } of asked) {
      if (command.operation === Operation.createTransfer) this.#touched.set(command.id, touches)
    }
    const released = this.#releases.flatMap(({ id }) => this.#touched.get(id) ?? [])
    for (const id of new Set([...released, ...asked.flatMap(({ touches }) => touches)])) {
      const account = this.#machine.account(id)
      if (account === undefined) continue
      this.#rows.push({ kind: 'account', name: this.#name(id), balances: account })
    }
  }

  #view(step: ViewStep): void {
    const actual = look(this.#machine, step, this.#releases)
    const shown = Array.from(actual, ([name, value]) => `${name}=${this.#show(name, value)}`)
    this.#row(step.line, shown.join(' '), this.#differences(step.expected, actual))
  }

  #row({ number: line, text }: Line, answer: string, wrong: readonly string[] = []): void {
    const row = { kind: 'step', line, text, answer } as const
    this.#rows.push(wrong.length === 0 ? row : { ...row, problem: wrong.join('; ') })
  }

  #differences(expected: Facts, actual: Facts): string[] {
    return Array.from(expected).flatMap(([name, value]) => {
      const was = actual.get(name)
      if (was === value) return []
      const shown = was === undefined ? 'nothing' : this.#show(name, was)
      return [`expected ${name} ${this.#show(name, value)}, was ${shown}`]
    })
  }

  /** Ids by their labels. */
  #show(name: string, value: string): string {
    if (!IDS.includes(name)) return value
    const ids = value.split(' ').filter((id) => id !== '')
    return ids.map((id) => this.#name(BigInt(id))).join(',')
  }

  #name(id: bigint): string {
    return nameOf(this.#scenario.names, id)
  }
}

/** Facts that are ids. */
const IDS = ['parent', 'account', 'ids']
