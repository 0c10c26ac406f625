/** A table of facts and what shows them: the only place where suites meet the test runner. */
// oxlint-disable vitest/valid-title, vitest/expect-expect -- titles and assertions are in the tables
import { describe, test } from 'vitest'

export type Facts = Readonly<Record<string, () => void>>

export function proveFacts(title: string, facts: Facts): void {
  describe(title, () => {
    for (const [fact, prove] of Object.entries(facts)) test(fact, prove)
  })
}
