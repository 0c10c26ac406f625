/** `tally erase`: a subject's private data, for good. */
import type { Command } from 'commander'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'

export function addErase(program: Command, shell: Shell): void {
  program
    .command('erase <subject>')
    .description(
      'Destroy the key of a subject: its private data can be read by nobody any more. Cannot be taken back.',
    )
    .addHelpText('after', examples('tally erase customer-17', 'tally erase customer-17 --json'))
    .action(
      shell.action(async ({ tally, output }, _options, subject = '') => {
        const erased = await tally.subjects.erase(subject)
        output.answer(
          erased,
          () =>
            `${erased.subject} is erased. Backups of the keys directory still hold its key until they are thrown away.`,
        )
      }),
    )
}
