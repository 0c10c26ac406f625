/** `tally check read-models`: the tables of PostgreSQL, held to the ledger's own totals by the server. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { Command } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

const LOOK_MS = 200
const LOOKS_MAX = 600
const EXAMPLES = examples('tally check read-models', 'tally check read-models --json')

export function addCheck(program: Command, shell: Shell): void {
  program
    .command('check')
    .description('Hold what follows the journal to the ledger.')
    .addHelpText('after', EXAMPLES)
    .command('read-models')
    .description('The totals of the tables of PostgreSQL, asset by asset.')
    .addHelpText('after', EXAMPLES)
    .action(shell.action((session) => checkReadModels(session)))
}

async function checkReadModels({ tally, output }: Session): Promise<ExitCode> {
  const before = (await tally.readModels.get()).agreement?.checkedAt
  await tally.readModels.check()
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const { agreement } = await tally.readModels.get()
    if (agreement !== null && agreement.checkedAt !== before) {
      const { differences, comparedSequence } = agreement
      output.answer(agreement, () =>
        differences.length === 0
          ? `They agree at event ${comparedSequence}.`
          : `They differ at event ${comparedSequence}. Make them again: tally rebuild read-models\n${differences.join('\n')}`,
      )
      return differences.length === 0 ? ExitCode.ok : ExitCode.refused
    }
    await sleep(LOOK_MS)
  }
  throw new CommandError(
    'The check came to no end within two minutes: the tables are behind, or the ledger is never still.',
    ExitCode.unreachable,
    'read_models_unavailable',
  )
}
