/** Suites as tables: a fact, and the scenario that shows it. */
import { describe, test } from 'vitest'
import { check } from '../scenario/check.ts'
import type { MakeMachine, MakeOptions } from '../state-machine.ts'

export interface TunedScenario extends MakeOptions {
  readonly text: string
}

export type Scenarios = Readonly<Record<string, string | TunedScenario>>

export function scenarios(make: MakeMachine, title: string, table: Scenarios): void {
  describe(title, () => {
    for (const [fact, given] of Object.entries(table)) {
      const { text, ...options } = typeof given === 'string' ? { text: given } : given
      test(fact, () => {
        check(make, text, options)
      })
    }
  })
}
