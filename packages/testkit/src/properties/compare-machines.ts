/** Two state machines that were given the same commands must show the same, after every batch. */
import { deepStrictEqual } from 'node:assert/strict'
import type { MakeMachine } from '@tallystick/scenario'
import { optionsOf, type PlayedHistory, playHistory, type Round } from './play-history.ts'
import { portraitOf, portraitOfDecision, portraitOfState } from './portrait.ts'
import { type PropertyOptions, runLong, runProperty } from './run-property.ts'
import type { HistorySize, HistoryWish } from './wish.ts'

/** Throws the shortest history on which they differ, in the scenario language. */
export function compareMachines(a: MakeMachine, b: MakeMachine, options: PropertyOptions): void {
  runProperty((wish) => compare(a, b, wish, 1), options)
}

/** One history of thousands of commands; everything is compared now and then, the state bytes always. */
export function compareLong(
  a: MakeMachine,
  b: MakeMachine,
  options: { readonly seed: number; readonly size: HistorySize },
): void {
  runLong((wish) => compare(a, b, wish, 100), options)
}

function compare(a: MakeMachine, b: MakeMachine, wish: HistoryWish, every: number): PlayedHistory {
  const other = b(optionsOf(wish))
  let round = 0
  return playHistory(a, wish, () => ({ machine, batch, decisions, issued, isLast }: Round) => {
    const answered = other.apply(batch).map(portraitOfDecision)
    deepStrictEqual(answered, decisions.map(portraitOfDecision), 'different answers')
    deepStrictEqual(portraitOfState(other), portraitOfState(machine), 'different states')
    if (isLast || round++ % every === 0) {
      deepStrictEqual(portraitOf(other, issued), portraitOf(machine, issued), 'different views')
    }
  })
}
