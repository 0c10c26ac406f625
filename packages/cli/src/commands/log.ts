/** `tally log`: what a server's log shows, verified; and its keys, where the keys directory lies. */
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { addLogCheckpoint, addLogConsistency, addLogForget, addLogVerify } from './log-checks.ts'
import { addLogExport } from './log-export.ts'

const EXAMPLE = 'tally log fork --origin ledger.example/log-2'

interface RotateOptions {
  readonly keys?: string
  readonly retire?: string
}

interface ForkCommandOptions {
  readonly data?: string
  readonly keys?: string
  readonly origin: string
}

export function addLog(program: Command, shell: Shell): void {
  const log = program
    .command('log')
    .description('The proof log: read and verify it, change its key, begin a new one.')
    .addHelpText('after', examples('tally log consistency', 'tally log checkpoint', EXAMPLE))
  addLogCheckpoint(log, shell)
  addLogConsistency(log, shell)
  addLogVerify(log, shell)
  addLogExport(log, shell)
  addLogForget(log, shell)
  addRotateKey(log, shell)
  addResume(log, shell)
  addFork(log, shell)
}

function addRotateKey(log: Command, shell: Shell): void {
  log
    .command('rotate-key')
    .description(
      'Make a new key for the log, which signs beside the old one; later, retire the old one.',
    )
    .option('--retire <key-id>', 'stop signing with this key: everyone knows the other one')
    .option('--keys <directory>', 'keys directory (TALLY_KEYS, else ./keys)')
    .addHelpText(
      'after',
      `${examples(
        'tally log rotate-key',
        'tally log rotate-key --retire 5202289b',
      )}\n\nTakes effect when the server starts next. From then on both keys sign: give the new verifier key to whoever has the old one, and to the witnesses. Clients that ask in that time learn it by themselves. Then retire the old key; its file goes to retired/ in the keys directory.`,
    )
    .action(shell.action<RotateOptions>((session, options) => rotate(session, options)))
}

async function rotate(session: Session, { keys, retire }: RotateOptions): Promise<void> {
  const { rotateLogKey } = await import('@tallystick/server')
  const rotated = await rotateLogKey({ keys: keysOf(session, keys), retire })
  session.output.answer({ object: 'key_rotation', ...rotated }, () => {
    const { added, retired, signing } = rotated
    return `${pairsText(session.output, [
      ...(added === undefined ? [] : [['new key', added] as const]),
      ...(retired === undefined ? [] : [['retired', retired] as const]),
      ...signing.map((key) => ['signs', key] as const),
    ])}\n\nIt takes effect when the server starts next.`
  })
}

function keysOf(session: Session, given: string | undefined): string {
  const keys = session.keys(given)
  if (keys !== undefined) return keys
  throw usageError('There is no keys directory: name it with --keys.')
}

function addResume(log: Command, shell: Shell): void {
  log
    .command('resume')
    .description(
      'Take a refusal of the signer away, once the data again is what was signed. No server may run.',
    )
    .option('--data <directory>', 'data directory (TALLY_DATA, else ./data)')
    .option('--keys <directory>', 'keys directory (TALLY_KEYS, else ./keys)')
    .addHelpText(
      'after',
      `${examples('tally log resume')}\n\nHashes the journal and holds it to what was signed last; unless it begins with exactly that, nothing is changed. The record as it was is kept in retired/ in the keys directory.`,
    )
    .action(
      shell.action<{ data?: string; keys?: string }>(async (session, options) => {
        const { resumeLog } = await import('@tallystick/server')
        const keys = keysOf(session, options.keys)
        const report = await resumeLog({ keys, data: session.data(options.data) })
        const { origin, signed, refusal, kept } = report
        const root = Buffer.from(report.root).toString('base64')
        const shown = { object: 'resumption', origin, signed: Number(signed), root, refusal, kept }
        session.output.answer(shown, () =>
          pairsText(session.output, [
            ['log', origin],
            ['was refused', refusal],
            ['the book', `begins with the ${countText(Number(signed))} events that were signed`],
            ['kept', kept],
          ]),
        )
      }),
    )
}

function addFork(log: Command, shell: Shell): void {
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
  const keys = keysOf(session, options.keys)
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
