/** `tally repair`: mends a damaged data directory from a backup or another copy; and what `tally verify --against` shows. */
import type { Command } from 'commander'
import type { Comparison, Judgement, RepairReport, Source, Verdict } from '@tallystick/backup'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { ProgressLine, progressText } from '../output/progress.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface RepairCommandOptions {
  readonly from: string
  readonly endpoint?: string
  readonly dryRun?: boolean
}

const VERDICTS: Readonly<Record<Exclude<Verdict, 'same'>, string>> = {
  broken_here: 'damaged here',
  broken_there: 'damaged there',
  broken_everywhere: 'damaged in both',
  other_history: 'another history',
}

export function addRepair(program: Command, shell: Shell): void {
  program
    .command('repair [directory]')
    .description(
      'Mend a damaged data directory (TALLY_DATA, else ./data) from a backup or another copy of it.',
    )
    .requiredOption('--from <source>', 'backup, or another data directory')
    .option('--endpoint <url>', 'of an S3-compatible store (AWS_ENDPOINT_URL)')
    .option('--dry-run', 'say what is damaged and prove that it can be mended; change nothing')
    .addHelpText(
      'after',
      `${examples(
        'tally repair /var/lib/tally --from /mnt/backup/ledger --dry-run',
        'tally repair /var/lib/tally --from s3://backups/ledger',
      )}\n\nStop the server first. Nothing is guessed: all is decided again before a file is replaced, and damaged files are kept in damaged-…/. Ends with code 4 when something cannot be mended; then nothing was changed.`,
    )
    .action(
      shell.action<RepairCommandOptions>(async (session, options, directory) => {
        const { endpoint, dryRun = false } = options
        const { repair } = await import('@tallystick/backup')
        const path = session.data(directory)
        const report = await withSource(
          session,
          { place: options.from, endpoint },
          (source, draw) =>
            repair({
              ...{ directory: path, source, dryRun },
              onProgress: ({ stage, done, total }) =>
                draw(stage === 'pieces' ? 'bytes compared' : 'events decided again', done, total),
            }),
        )
        session.output.answer({ object: 'repair', directory: path, dryRun, ...report }, () =>
          repairText(session.output, { ...report, path, dryRun }),
        )
      }),
    )
}

/** Holds a directory against a copy. For `tally verify --against`. */
export async function compareWith(
  session: Session,
  directory: string,
  from: { readonly place: string; readonly endpoint: string | undefined },
): Promise<Comparison> {
  const { compare } = await import('@tallystick/backup')
  return withSource(session, from, (source, draw) =>
    compare({
      ...{ directory, source },
      onProgress: (done, total) => draw('bytes compared', done, total),
    }),
  )
}

async function withSource<Result>(
  session: Session,
  { place, endpoint }: { readonly place: string; readonly endpoint: string | undefined },
  use: (
    source: Source,
    draw: (unit: string, done: number, total: number) => void,
  ) => Promise<Result>,
): Promise<Result> {
  const { openSource } = await import('@tallystick/backup')
  const line = new ProgressLine(session.output.terminal)
  const began = performance.now()
  const source = await openSource(place, { cwd: session.path(), endpoint })
  try {
    return await use(source, (unit, done, total) => {
      const seconds = (performance.now() - began) / 1000
      line.draw(() => progressText({ done, total, seconds, unit }))
    })
  } finally {
    line.clear()
    source.close()
  }
}

/** What differs, a line each. */
export function comparisonText(output: Output, place: string, comparison: Comparison): string {
  const { sequence, bytes, differences } = comparison
  if (differences.length > 0) return judgementsText(output, differences)
  const agreed = `${place} agrees: ${countText(bytes)} bytes, up to event ${countText(sequence)}.`
  return output.style('green', agreed)
}

function judgementsText(output: Output, judgements: readonly Judgement[]): string {
  return judgements
    .map(({ verdict, text }) =>
      verdict === 'same' ? text : `${output.style('red', VERDICTS[verdict])}  ${text}`,
    )
    .join('\n')
}

function repairText(
  output: Output,
  report: RepairReport & { path: string; dryRun: boolean },
): string {
  const { mended, damagedThere, setAside, kept, verified, path, dryRun } = report
  const judgements = [...mended, ...damagedThere]
  const found = judgements.length === 0 ? [] : [judgementsText(output, judgements)]
  const pairs = pairsText(output, [
    ['directory', dryRun ? `${path} (dry run: nothing was changed)` : path],
    ['mended', `${countText(mended.length)} pieces`],
    ...(setAside.length === 0
      ? []
      : [['set aside', `${setAside.join(', ')}: the next start makes them again`] as const]),
    ...(kept === undefined ? [] : [['damaged files', kept] as const]),
    ['events', countText(verified.events)],
    ...(verified.stateHash === undefined ? [] : [['state hash', verified.stateHash] as const]),
  ])
  return [...found, pairs].join('\n\n')
}
