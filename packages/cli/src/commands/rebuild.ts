/** `tally rebuild read-models`: the tables of PostgreSQL, made again by the server from its journal. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { Command } from 'commander'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { ProgressLine, progressText } from '../output/progress.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

const LOOK_MS = 200
const EXAMPLES = examples('tally rebuild read-models', 'tally rebuild read-models --json')

export function addRebuild(program: Command, shell: Shell): void {
  const rebuild = program
    .command('rebuild')
    .description('Make what follows the journal again from it.')
    .addHelpText('after', EXAMPLES)
  rebuild
    .command('read-models')
    .description('The tables of PostgreSQL. Until they are whole, what asks them is refused.')
    .addHelpText('after', EXAMPLES)
    .action(shell.action((session) => rebuildReadModels(session)))
}

async function rebuildReadModels({ tally, output }: Session): Promise<void> {
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1_000
  const line = new ProgressLine(output.terminal)
  let state = await tally.readModels.rebuild()
  while (state.status !== 'following') {
    const { sequence, rebuildingUntil } = state
    const total = Number(rebuildingUntil ?? state.durableSequence)
    line.draw(() =>
      progressText({ done: Number(sequence), total, seconds: seconds(), unit: 'events' }),
    )
    await sleep(LOOK_MS)
    state = await tally.readModels.get()
  }
  line.clear()
  output.answer(
    state,
    () => `${countText(Number(state.sequence))} events in ${seconds().toFixed(1)} s.`,
  )
}
