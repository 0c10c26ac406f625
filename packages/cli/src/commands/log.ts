/** `tally log fork`: begins a new proof log where what was signed is lost for good. */
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

const EXAMPLE = 'tally log fork --origin ledger.example/log-2'

interface ForkCommandOptions {
  readonly data?: string
  readonly keys?: string
  readonly origin: string
}

export function addLog(program: Command, shell: Shell): void {
  const log = program
    .command('log')
    .description('The proof log of a data directory.')
    .addHelpText('after', examples(EXAMPLE))
  log
    .command('fork')
    .description(
      'Begin a new log, since events that were signed are lost for good. No server may run.',
    )
    .requiredOption('--origin <name>', 'of the new log, like ledger.example/log-2')
    .option('--data <directory>', 'data directory (TALLY_DATA, else ./data)')
    .option('--keys <directory>', 'keys directory (TALLY_KEYS, else ./keys)')
    .addHelpText(
      'after',
      `${examples(EXAMPLE)}\n\nThe book gets an event that commits to what the old log had signed; the old keys go to retired/ in the keys directory. Everyone who trusted the old key has to be told: receipts of lost events prove what this book does not have.`,
    )
    .action(shell.action<ForkCommandOptions>((session, options) => fork(session, options)))
}

async function fork(session: Session, options: ForkCommandOptions): Promise<void> {
  const { output } = session
  const keys = session.keys(options.keys)
  if (keys === undefined) throw usageError('There is no keys directory: name it with --keys.')
  const { forkLog } = await import('@tallystick/server')
  const { origin } = options
  const report = await forkLog({ origin, keys, data: session.data(options.data) })
  const { oldOrigin, signed, sequence, vkey } = report
  const root = Buffer.from(report.root).toString('base64')
  const statement = Buffer.from(report.statement).toString('base64')
  const shown = { object: 'fork', oldOrigin, signed: Number(signed), root, sequence, statement }
  output.answer({ ...shown, origin, vkey }, () =>
    pairsText(output, [
      ['ended', `${oldOrigin}, which had signed ${countText(Number(signed))} events`],
      ['its root', root],
      ['said by event', countText(sequence)],
      ['new log', vkey],
    ]),
  )
}
