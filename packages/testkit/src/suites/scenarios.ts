/** Suites as tables: a fact, and the scenario that shows it. */
import { check } from '../check.ts'
import type { MakeMachine, MakeOptions } from '@tallystick/scenario'
import type { Facts } from './facts.ts'

interface TunedScenario extends MakeOptions {
  readonly text: string
}

export type Scenarios = Readonly<Record<string, string | TunedScenario>>

export function scenarioFacts(make: MakeMachine, table: Scenarios): Facts {
  const facts = Object.entries(table).map(([fact, given]) => {
    const { text, ...options } = typeof given === 'string' ? { text: given } : given
    return [fact, () => void check(make, text, options)] as const
  })
  return Object.fromEntries(facts)
}
