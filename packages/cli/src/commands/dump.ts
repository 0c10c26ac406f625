/** `tally dump` and `tally load`: a whole ledger as lines of JSON that need no format of ours, and back. */
import type { Command } from 'commander'
import type { DumpReport } from '@tallystick/backup'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { ProgressLine, progressText } from '../output/progress.ts'
import { pairsText } from '../output/table.ts'
import type { Shell } from '../shell.ts'

interface DumpCommandOptions {
  readonly data?: string
}

interface LoadCommandOptions {
  readonly dryRun?: boolean
}

export function addDump(program: Command, shell: Shell): void {
  program
    .command('dump <file>')
    .description('Write everything in a data directory as JSON, a line for each event.')
    .option('--data <directory>', 'data directory (TALLY_DATA, else ./data)')
    .addHelpText(
      'after',
      `${examples(
        'tally dump ledger.ndjson.zst',
        'tally dump ledger.ndjson.gz --data /var/lib/tally',
      )}\n\nA server may run meanwhile. The name says how it is compressed: .ndjson.zst, .ndjson.gz or .ndjson. Needs the memory that the server does.`,
    )
    .action(
      shell.action<DumpCommandOptions>(async (session, options, file) => {
        const { output } = session
        const path = pathOf(session.path(file ?? ''), file)
        const { dump } = await import('@tallystick/backup')
        const report = await withProgress(output, 'events', (onProgress) =>
          dump({ directory: session.data(options.data), path, onProgress }),
        )
        output.answer({ object: 'dump', path, ...report }, () =>
          reportText(output, ['file', path], report),
        )
      }),
    )
}

export function addLoad(program: Command, shell: Shell): void {
  program
    .command('load <file> [directory]')
    .description('Make a data directory (TALLY_DATA, else ./data) from a dump.')
    .option('--dry-run', 'decide and compare everything, and install nothing')
    .addHelpText(
      'after',
      `${examples(
        'tally load ledger.ndjson.zst /var/lib/tally',
        'tally load ledger.ndjson.zst /tmp/tally --dry-run',
      )}\n\nThe directory has to be empty. A line that is wrong is named by its number, nothing is installed, and the code is 4.`,
    )
    .action(
      shell.action<LoadCommandOptions>(async (session, options, file, directory) => {
        const { output } = session
        const path = pathOf(session.path(file ?? ''), file)
        const { dryRun = false } = options
        const { load } = await import('@tallystick/backup')
        const into = session.data(directory)
        const report = await withProgress(output, 'bytes', (onProgress) =>
          load({ path, directory: into, dryRun, onProgress }),
        )
        const shown = dryRun ? `${into} (dry run: nothing was installed)` : into
        output.answer({ object: 'load', directory: into, dryRun, ...report }, () =>
          reportText(output, ['directory', shown], report),
        )
      }),
    )
}

/** @throws CommandError */
function pathOf(path: string, file: string | undefined): string {
  if (file === undefined || file === '') throw usageError('Name a file.')
  return path
}

async function withProgress<Result>(
  output: Output,
  unit: string,
  run: (onProgress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  const line = new ProgressLine(output.terminal)
  const began = performance.now()
  try {
    return await run((done, total) => {
      const seconds = (performance.now() - began) / 1000
      line.draw(() => progressText({ done, total, seconds, unit }))
    })
  } finally {
    line.clear()
  }
}

function reportText(output: Output, place: readonly [string, string], report: DumpReport): string {
  const { groups, requests, events, contentHash, stateHash } = report
  return pairsText(output, [
    place,
    ['events', `${countText(events)} of ${countText(requests)} requests`],
    ['groups', countText(groups)],
    ['content hash', contentHash],
    ['state hash', stateHash],
  ])
}
