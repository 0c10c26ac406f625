/**
 * Precedence: where two statuses could both be the answer, the earlier one is. Each row breaks two rules at
 * once, and then only the later one, so that it is seen that the later one did apply.
 */
import { expect } from 'vitest'
import { check } from '../check.ts'
import { snakeCase } from '@tallystick/scenario'
import type { MakeMachine } from '@tallystick/scenario'
import type { Facts } from './facts.ts'

export interface Precedence {
  /** The status table: its order is the precedence. */
  readonly table: Readonly<Record<string, number>>
  readonly given: string
  /** `earlier, later` → a scenario in which both apply, then only the later. */
  readonly pairs: Readonly<Record<string, string>>
  /** `earlier, later` → why the two can never apply to one command. */
  readonly impossible: Readonly<Record<string, string>>
}

export function precedenceFacts(make: MakeMachine, precedence: Precedence): Facts {
  const { given, pairs, impossible } = precedence
  const compared = (): void => {
    const said = [...Object.keys(pairs), ...Object.keys(impossible)]
    expect(said).toEqual(expect.arrayContaining(neighbours(precedence)))
    expect(new Set(said).size).toBe(said.length)
  }
  const facts = Object.entries(pairs).map(([pair, text]) => {
    const prove = (): void => {
      expect(text).toMatch(inOrder(pair))
      check(make, `${given}\n${text}`)
    }
    return [pair.replace(', ', ' before '), prove] as const
  })
  return {
    'every two neighbours are compared, or it is said why they cannot meet': compared,
    ...Object.fromEntries(facts),
  }
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
