/**
 * Precedence: where two statuses could both be the answer, the earlier one is. Each row breaks two rules at
 * once, and then only the later one, so that it is seen that the later one did apply.
 */
import { describe, expect, test } from 'vitest'
import { check } from '../scenario/check.ts'
import { snakeCase } from '../scenario/status-text.ts'
import type { MakeMachine } from '../state-machine.ts'

export interface Precedence {
  readonly title: string
  /** The status table: its order is the precedence. */
  readonly table: Readonly<Record<string, number>>
  readonly given: string
  /** `earlier, later` → a scenario in which both apply, then only the later. */
  readonly pairs: Readonly<Record<string, string>>
  /** `earlier, later` → why the two can never apply to one command. */
  readonly impossible: Readonly<Record<string, string>>
}

export function precedenceSuite(make: MakeMachine, precedence: Precedence): void {
  const { title, given, pairs, impossible } = precedence
  describe(`precedence of ${title}`, () => {
    test('every two neighbours are compared, or it is said why they cannot meet', () => {
      const said = [...Object.keys(pairs), ...Object.keys(impossible)]
      expect(said).toEqual(expect.arrayContaining(neighbours(precedence)))
      expect(new Set(said).size).toBe(said.length)
    })
    for (const [pair, text] of Object.entries(pairs)) {
      test(pair.replace(', ', ' before '), () => {
        expect(text).toMatch(inOrder(pair))
        check(make, `${given}\n${text}`)
      })
    }
  })
}

function neighbours({ table }: Precedence): string[] {
  const names = Object.entries(table)
    .sort(([, a], [, b]) => a - b)
    .map(([key]) => snakeCase(key))
  return names.slice(1).map((name, index) => `${names[index] ?? ''}, ${name}`)
}

/** The last two answers that the scenario expects are those of its row. */
function inOrder(pair: string): RegExp {
  const [earlier, later] = pair.split(', ')
  return new RegExp(`-> ${earlier}\\b[^>]*-> ${later}\\s*$`)
}
