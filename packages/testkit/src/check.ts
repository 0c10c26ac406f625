/** The one way in which suites play a scenario: every line as expected, and every invariant after every batch. */
import {
  type MakeMachine,
  type MakeOptions,
  parse,
  problems,
  render,
  run,
  type StateMachine,
} from '@tallystick/scenario'
import { History } from './properties/history.ts'
import { invariants } from './properties/invariants.ts'

/** Throws with the whole table if a line is not answered as the text expects. Returns the machine to look further. */
export function check(make: MakeMachine, text: string, options: MakeOptions = {}): StateMachine {
  const machine = make(options)
  const history = new History(machine)
  const report = run(machine, parse(text), {
    afterBatch: (batch, decisions) => {
      history.record(batch, decisions)
      invariants(machine, history)
    },
  })
  const wrong = problems(report)
  if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n\n${render(report)}`)
  return machine
}
