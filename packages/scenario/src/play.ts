/** `tally play`: a scenario's text in, a table of answers out. */
import type { StateMachine } from './state-machine.ts'
import { parse } from './parse.ts'
import { render } from './report.ts'
import { run } from './run.ts'

export const play = (machine: StateMachine, text: string): string =>
  render(run(machine, parse(text)))
