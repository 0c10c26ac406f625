/** One state machine by itself: every invariant after every batch, and equal logs give equal states. */
import type { Decision, MakeMachine } from '@tallystick/scenario'
import { History } from './history.ts'
import { checkReplay, invariants } from './invariants.ts'
import { optionsOf, type PlayedHistory, playHistory } from './play-history.ts'
import { type PropertyOptions, runProperty } from './run-property.ts'
import type { HistoryWish } from './wish.ts'

/** Throws the shortest history in which an invariant fails, in the scenario language. */
export function auditMachine(
  make: MakeMachine,
  options: PropertyOptions,
  seen: (decision: Decision) => void = () => undefined,
): void {
  runProperty((wish) => audit(make, wish, seen), options)
}

function audit(
  make: MakeMachine,
  wish: HistoryWish,
  seen: (decision: Decision) => void,
): PlayedHistory {
  return playHistory(make, wish, (machine) => {
    const history = new History(machine)
    return ({ batch, decisions, isLast }) => {
      history.record(batch, decisions)
      invariants(machine, history)
      decisions.forEach(seen)
      if (isLast) checkReplay(() => make(optionsOf(wish)), machine, history)
    }
  })
}
