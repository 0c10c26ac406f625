/** `tally witness`: a witness of others' logs, as a server of its own. */
import { hostname } from 'node:os'
import type { Command } from 'commander'
import { parseVerifierKey, type VerifierKey } from '@tallystick/verify'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface WitnessOptions {
  readonly originKey?: string[]
  readonly listen: string
  readonly state: string
  readonly name: string
}

export function addWitness(program: Command, shell: Shell): void {
  program
    .command('witness')
    .description('Witness logs: cosign their checkpoints as long as each continues the one before.')
    .option(
      '--origin-key <vkey...>',
      'verifier key of a log, ORIGIN+KEYID+BASE64; two of one origin while it changes its key',
    )
    .option('--listen <host:port>', 'where checkpoints are posted', '127.0.0.1:7420')
    .option('--state <directory>', 'key and records of the witness', 'witness')
    .option(
      '--name <name>',
      "of the witness' key, like witness.example/w1",
      `${hostname()}/witness`,
    )
    .addHelpText(
      'after',
      `${examples('tally witness --name witness.example/w1 --origin-key ledger.example/log+5202289b+Af/cLU2Y5BJN…')}\n\nThe key is made at the first start; its public half is printed, for logs and readers to be configured with. Never run two witnesses with copies of one state, and never restore it from a backup: both cosign two histories.`,
    )
    .action(
      shell.action<WitnessOptions>(async (session, options) => {
        const logKeys = (options.originKey ?? []).map(originKey)
        if (logKeys.length === 0) throw usageError('Name a log: --origin-key ORIGIN+KEYID+BASE64.')
        await serve(session, { ...options, logKeys }, shell.io.interruption())
      }),
    )
}

async function serve(
  session: Session,
  options: WitnessOptions & { readonly logKeys: readonly VerifierKey[] },
  signal: AbortSignal,
): Promise<void> {
  // The server is large, and few commands need it.
  const { parseListen, startWitness } = await import('@tallystick/server')
  const { output } = session
  const { logKeys, name } = options
  const witness = await startWitness({
    name,
    logKeys,
    directory: session.path(options.state),
    listen: parseListen(options.listen, '--listen'),
    onAlarm: (sentence) => output.note(`${output.styleError('red', 'alarm:')} ${sentence}`),
    onFailure: (error) => output.note(`a request was not answered: ${String(error)}`),
  })
  const { url, vkey } = witness
  const origins = [...new Set(logKeys.map((key) => key.name))]
  output.answer({ object: 'witness', name, vkey, url, origins }, () =>
    pairsText(output, [
      ['witness', vkey],
      ...origins.map((origin) => ['log', origin] as const),
      ['listening', url],
    ]),
  )
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  await witness.close()
}

function originKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text)
  } catch (error) {
    throw usageError(`--origin-key: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
