/** What a scenario consists of, after parsing. */
import type { Command } from '@tallystick/ledger'

/** Where a step stands in the text. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** What follows `->`: a status, then what else is to be found in the decision. */
export interface Expectation {
  readonly status: string
  /** Named facts, as text: amount, account, needed, available, limit. */
  readonly facts: ReadonlyMap<string, string>
}

export interface AskedCommand {
  readonly line: Line
  readonly command: Command
  readonly expected: Expectation | undefined
  /** Accounts whose balances it may change. */
  readonly touches: readonly bigint[]
}

export interface BatchStep {
  readonly kind: 'batch'
  readonly line: Line
  readonly dryRun: boolean
  /** Name of the principal that asks; '' = nobody in particular; `a/b` = a on behalf of b. */
  readonly by: string
  readonly asked: readonly AskedCommand[]
}

export interface ClockStep {
  readonly kind: 'clock'
  readonly line: Line
  readonly relative: boolean
  readonly nanoseconds: bigint
}

export const VIEWS = [
  'balance',
  'subtree',
  'hold',
  'look',
  'entry',
  'reversed',
  'released',
  'next_deadline',
] as const
export type ViewName = (typeof VIEWS)[number]

/** A question; what it expects is compared, what it leaves out is only shown. */
export interface ViewStep {
  readonly kind: 'view'
  readonly line: Line
  readonly view: ViewName
  readonly subject: bigint
  /** The entry's number, where the view asks for one. */
  readonly number: bigint
  readonly expected: ReadonlyMap<string, string>
}

export type Step = BatchStep | ClockStep | ViewStep

export interface Scenario {
  readonly steps: readonly Step[]
  /** Labels by id. */
  readonly names: ReadonlyMap<bigint, string>
}
