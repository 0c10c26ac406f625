/** `tally sample bank`: made-up bookings on standard output. */
import type { Command } from 'commander'
import { examples } from '../help.ts'
import {
  SAMPLE_ACCOUNTS_DEFAULT,
  SAMPLE_ACCOUNTS_MAX,
  SAMPLE_ROWS_DEFAULT,
  SAMPLE_ROWS_MAX,
  sampleBank,
} from '../sample/bank.ts'
import type { Shell } from '../shell.ts'
import { wholeNumber } from './write-options.ts'

/** Characters that are written at once. */
const CHUNK = 1 << 18

interface SampleOptions {
  readonly rows: string
  readonly accounts?: string
  readonly seed: string
}

export function addSample(program: Command, shell: Shell): void {
  const sample = program.command('sample').description('Make up data to try things with.')
  sample
    .command('bank')
    .description(
      "A bank's bookings as CSV: salaries, rents, cash, interest; from a seed, always the same.",
    )
    .option('--rows <number>', 'bookings', String(SAMPLE_ROWS_DEFAULT))
    .option(
      '--accounts <number>',
      `accounts (default: one for forty rows, ${SAMPLE_ACCOUNTS_DEFAULT})`,
    )
    .option('--seed <number>', 'another seed is another bank', '1')
    .addHelpText(
      'after',
      examples(
        'tally sample bank > bookings.csv',
        'tally sample bank --rows 1000 --accounts 20 --seed 7',
      ),
    )
    .action(
      shell.action<SampleOptions>(async ({ output }, options) => {
        const rows = wholeNumber(options.rows, '--rows', { min: 1, max: SAMPLE_ROWS_MAX })
        const accounts = accountsOf(options.accounts, rows)
        const seed = wholeNumber(options.seed, '--seed', { min: 0, max: 0xffff_ffff })
        let text = ''
        for (const line of sampleBank({ rows, accounts, seed })) {
          text += line
          if (text.length < CHUNK) continue
          output.raw(text)
          text = ''
          await output.drained()
        }
        output.raw(text)
      }),
    )
}

function accountsOf(text: string | undefined, rows: number): number {
  if (text === undefined) {
    const byRows = Math.max(1, Math.round((rows * SAMPLE_ACCOUNTS_DEFAULT) / SAMPLE_ROWS_DEFAULT))
    return Math.min(SAMPLE_ACCOUNTS_MAX, byRows)
  }
  return wholeNumber(text, '--accounts', { min: 1, max: SAMPLE_ACCOUNTS_MAX })
}
