/** Plays a scenario on a machine and reports, line by line, what it answered and how that differs. */
import type { Batch, Decision, StateMachine } from './state-machine.ts'
import { VirtualClock } from './clock.ts'
import { nameOf } from './id-text.ts'
import type { AccountRow, Report, StepRow } from './report.ts'
import { statusName } from './status-text.ts'
import type { AskedCommand, BatchStep, Scenario, ViewStep } from './step.ts'
import { look } from './view.ts'

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
  /** Releases of the latest batch. */
  #releases: readonly Decision[] = []

  constructor(machine: StateMachine, scenario: Scenario, options: RunOptions) {
    this.#machine = machine
    this.#scenario = scenario
    this.#options = options
  }

  play(): Report {
    for (const step of this.#scenario.steps) {
      if (step.kind === 'batch') this.#batch(step)
      else if (step.kind === 'view') this.#view(step)
      else if (step.relative) this.#clock.advance(step.nanoseconds)
      else this.#clock.set(step.nanoseconds)
    }
    return { rows: this.#rows }
  }

  #batch({ asked, dryRun }: BatchStep): void {
    const commands = asked.map(({ command }) => command)
    const batch = { commands, proposed: this.#clock.now(), dryRun }
    const decisions = this.#machine.apply(batch)
    const released = decisions.length - commands.length
    this.#releases = decisions.slice(0, released)
    for (const { id, amount } of this.#releases) {
      this.#rows.push({
        kind: 'step',
        line: 0,
        text: `release ${this.#name(id)}`,
        answer: `released ${amount}`,
      })
    }
    for (const [index, decision] of decisions.slice(released).entries()) {
      const command = asked[index]
      if (command !== undefined) this.#rows.push(this.#answer(command, decision))
    }
    if (!dryRun) this.#showAccounts(asked.flatMap(({ touches }) => touches))
    this.#options.afterBatch?.(batch, decisions)
  }

  #answer({ line, command, expected }: AskedCommand, decision: Decision): StepRow {
    const status = statusName(command.operation, decision.status)
    const row = {
      kind: 'step',
      line: line.number,
      text: line.text.split(/\s(?:->|→)\s/)[0] ?? '',
      answer: `${status}${this.#details(decision)}`,
    } as const
    if (expected === undefined) return row
    const actual = new Map<string, string>([['amount', String(decision.amount)]])
    for (const [name, value] of Object.entries<bigint>({ ...decision.refusal })) {
      actual.set(name, String(value))
    }
    const wrong = differences(expected.facts, actual)
    if (status !== expected.status) wrong.unshift(`expected ${expected.status}, was ${status}`)
    return wrong.length === 0 ? row : { ...row, problem: wrong.join('; ') }
  }

  #details({ amount, refusal }: Decision): string {
    if (refusal === undefined) return amount === 0n ? '' : ` ${amount}`
    const { account, needed, available, limit } = refusal
    return ` account=${this.#name(account)} needed=${needed} available=${available} limit=${limit}`
  }

  #showAccounts(ids: readonly bigint[]): void {
    for (const id of new Set(ids)) {
      const account = this.#machine.account(id)
      if (account !== undefined) {
        this.#rows.push({ kind: 'account', name: this.#name(id), balances: account })
      }
    }
  }

  #view(step: ViewStep): void {
    const actual = look(this.#machine, step, this.#releases)
    const wrong = differences(step.expected, actual)
    const answer = Array.from(actual, ([name, value]) => `${name}=${this.#show(name, value)}`).join(
      ' ',
    )
    const { number: line, text } = step.line
    const row = { kind: 'step', line, text, answer } as const
    this.#rows.push(wrong.length === 0 ? row : { ...row, problem: wrong.join('; ') })
  }

  #show(name: string, value: string): string {
    if (name === 'parent') return this.#name(BigInt(value))
    if (name !== 'ids') return value
    return value
      .split(' ')
      .filter((id) => id !== '')
      .map((id) => this.#name(BigInt(id)))
      .join(',')
  }

  #name(id: bigint): string {
    return nameOf(this.#scenario.names, id)
  }
}

function differences(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  return Array.from(expected).flatMap(([name, value]) => {
    const was = actual.get(name)
    return was === value ? [] : [`expected ${name} ${value}, was ${was ?? 'nothing'}`]
  })
}
