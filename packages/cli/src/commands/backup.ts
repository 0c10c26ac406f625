/** `tally backup` and `tally restore`: copies of a data directory elsewhere, and back. */
import type { Command } from 'commander'
import type {
  BackupProgress,
  BackupReport,
  RestorePoint,
  RestoredCheckpoint,
  RestoreProgress,
  RestoreReport,
} from '@tallystick/backup'
import { byteRateOf } from '../byte-rate.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { momentOf } from '../moment.ts'
import { countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { ProgressLine, progressText } from '../output/progress.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'
import { checkOf, markerWriter, signingOf } from './backup-trust.ts'

interface BackupCommandOptions {
  readonly data?: string
  readonly follow?: boolean
  readonly rate?: string
  readonly keys?: string
  readonly marker?: string
  readonly endpoint?: string
}

interface RestoreCommandOptions {
  readonly to: string
  readonly timeZone: string
  readonly endpoint?: string
  readonly dryRun?: boolean
  readonly signedBy?: string
}

const ENDPOINT = 'of an S3-compatible store (AWS_ENDPOINT_URL); default: Amazon’s'

export function addBackup(program: Command, shell: Shell): void {
  program
    .command('backup <destination>')
    .description(
      'Back a data directory up, to a directory or s3://BUCKET/PREFIX: whole at first, then what is new.',
    )
    .option('--data <directory>', 'data directory (TALLY_DATA, else ./data)')
    .option('--follow', 'go on until Ctrl-C: what is acknowledged is there within a second')
    .option('--rate <rate>', 'no faster than this on average, like 50MB/s')
    .option(
      '--keys <directory>',
      'keys directory (TALLY_KEYS, else ./keys where there is one): its backup.key signs, and is made if need be',
    )
    .option(
      '--marker <file>',
      'say in this file how far it has come, for tally start --shipped-marker',
    )
    .option('--endpoint <url>', ENDPOINT)
    .addHelpText(
      'after',
      `${examples(
        'tally backup /mnt/backup/ledger',
        'tally backup s3://backups/ledger --rate 50MB/s',
        'tally backup s3://backups/ledger --follow --marker /run/tally/shipped',
      )}\n\nA server may run meanwhile. One that was stopped is begun where it was. Keys are never part of it: keep a copy of them elsewhere. The newest checkpoint of the proof log is part of it: from the keys directory, else from the server of --url.`,
    )
    .action(
      shell.action<BackupCommandOptions>((session, options, destination = '') =>
        backUp(session, options, {
          destination,
          interruption: options.follow === true ? shell.io.interruption() : undefined,
        }),
      ),
    )
}

export function addRestore(program: Command, shell: Shell): void {
  program
    .command('restore <source> [directory]')
    .description(
      'Restore a backup into an empty directory (TALLY_DATA, else ./data), after it was verified and decided again.',
    )
    .option('--to <point>', 'now, the number of an event, or a time', 'now')
    .option('--time-zone <zone>', 'of times without one', 'UTC')
    .option('--endpoint <url>', ENDPOINT)
    .option('--signed-by <vkey>', 'refuse what this key has not signed: tally backup prints it')
    .option('--dry-run', 'read, verify and decide everything again, and install nothing')
    .addHelpText(
      'after',
      `${examples(
        'tally restore /mnt/backup/ledger /var/lib/tally',
        'tally restore s3://backups/ledger /var/lib/tally --to 2026-11-21T09:00',
        'tally restore s3://backups/ledger /tmp/tally --to 48211 --dry-run',
      )}\n\nAn event or a time inside a group of requests means the whole groups before it. Ends with code 4 when anything is damaged.`,
    )
    .action(
      shell.action<RestoreCommandOptions>((session, options, source = '', directory) =>
        restore(session, options, { source, directory }),
      ),
    )
}

async function backUp(
  session: Session,
  { data, rate, endpoint, keys, marker }: BackupCommandOptions,
  { destination, interruption }: { destination: string; interruption: AbortSignal | undefined },
): Promise<void> {
  const { output } = session
  const bytesPerSecond = rate === undefined ? Number.POSITIVE_INFINITY : byteRateOf(rate)
  const { backUp: once, followBackup, openStore } = await import('@tallystick/backup')
  const signing = await signingOf(session, keys)
  const store = await openStore(destination, { cwd: session.path(), endpoint })
  const line = new ProgressLine(output.terminal)
  const began = performance.now()
  const options = {
    ...{ directory: session.data(data), store, bytesPerSecond, ...signing.options },
    ...(marker === undefined ? {} : { onShipped: markerWriter(session.path(marker)) }),
    onProgress: (progress: BackupProgress) =>
      line.draw(() => backupProgress(progress, performance.now() - began)),
    onNote: (note: string) => output.note(note),
  }
  try {
    const report =
      interruption === undefined
        ? await once(options)
        : await followBackup({ ...options, signal: interruption })
    line.clear()
    const signedBy = signing.vkey
    output.answer({ object: 'backup', ...report, signedBy }, () =>
      backupText(output, { ...report, signedBy }),
    )
  } finally {
    line.clear()
    store.close()
  }
}

function backupProgress({ stage, done, total }: BackupProgress, ms: number): string {
  const isBytes = stage === 'pieces'
  // A backup that follows has no end to come nearer to.
  const end = isBytes && done >= total ? undefined : total
  return progressText({
    ...{ done, total: end, seconds: ms / 1000 },
    unit: isBytes ? 'bytes' : 'events folded for the state hash',
  })
}

function backupText(
  output: Output,
  report: BackupReport & { readonly signedBy: string | undefined },
): string {
  const { destination, sequence, state, bytes, pieces, found, checkpoint, signedBy } = report
  return pairsText(output, [
    ['destination', destination],
    ['carried', `${countText(bytes)} bytes in ${countText(pieces)} pieces`],
    ...(found === 0 ? [] : [['there before', `${countText(found)} bytes`] as const]),
    ['up to event', countText(sequence)],
    ...(state === undefined ? [] : [['state hash', state.stateHash] as const]),
    ...(state === undefined ? [] : [['proof root', state.proofRoot] as const]),
    ...(checkpoint === undefined ? [] : [['checkpoint', checkpointText(checkpoint)] as const]),
    ['signed by', signedBy ?? 'nobody: there is no keys directory'],
  ])
}

/** Origin and size, the first two lines of a checkpoint. */
function checkpointText(note: string): string {
  const [origin = '', size = ''] = note.split('\n')
  return `${origin} of ${countText(Number(size))} events`
}

async function restore(
  session: Session,
  options: RestoreCommandOptions,
  { source, directory }: { source: string; directory: string | undefined },
): Promise<void> {
  const { output } = session
  const to = pointOf(options.to, options.timeZone)
  const { openStore, restore: run } = await import('@tallystick/backup')
  const { endpoint, dryRun = false, signedBy } = options
  const check = signedBy === undefined ? {} : { checkSignature: await checkOf(signedBy) }
  const store = await openStore(source, { cwd: session.path(), endpoint })
  const line = new ProgressLine(output.terminal)
  const began = performance.now()
  const path = session.data(directory)
  try {
    const report = await run({
      ...{ store, to, dryRun, directory: path, ...check },
      onProgress: (progress) => line.draw(() => restoreProgress(progress, began)),
    })
    line.clear()
    output.answer({ object: 'restore', directory: path, dryRun, ...report }, () =>
      restoreText(output, { ...report, path, dryRun }),
    )
  } finally {
    line.clear()
    store.close()
  }
}

/** @throws CommandError */
function pointOf(text: string, timeZone: string): RestorePoint {
  if (text === 'now') return { kind: 'now' }
  if (/^[1-9]\d*$/.test(text)) {
    const sequence = Number(text)
    if (Number.isSafeInteger(sequence)) return { kind: 'sequence', sequence }
    throw usageError(`${text} is no number of an event.`)
  }
  return { kind: 'time', at: Temporal.Instant.from(momentOf(text, timeZone)).epochNanoseconds }
}

function restoreProgress({ stage, done, total }: RestoreProgress, began: number): string {
  const seconds = (performance.now() - began) / 1000
  const unit = stage === 'pieces' ? 'bytes' : 'events decided again'
  return progressText({ done, total, seconds, unit })
}

function restoreText(
  output: Output,
  report: RestoreReport & { path: string; dryRun: boolean },
): string {
  const { sequence, timestamp, backupSequence, stateHash, contentHash, provedByManifest } = report
  const { accounts, openHolds } = report.verified
  const { proofRoot, checkpoint, privateBytes } = report
  const proof = provedByManifest ? ', as the backup’s manifest says' : ''
  const rest = backupSequence - sequence
  return pairsText(output, [
    ['directory', report.dryRun ? `${report.path} (dry run: nothing was installed)` : report.path],
    ['last event', `${countText(sequence)} of ${timeText(timestampText(timestamp))}`],
    ...(rest === 0 ? [] : [['left out', `${countText(rest)} later events`] as const]),
    ['accounts', countText(accounts)],
    ['open holds', countText(openHolds)],
    ['content hash', contentHash],
    ['state hash', `${stateHash}${proof}`],
    ['proof root', `${proofRoot}${proof}`],
    ...(checkpoint === undefined ? [] : [['checkpoint', restoredText(checkpoint)] as const]),
    ...(privateBytes === 0
      ? []
      : [
          [
            'personal data',
            `${countText(privateBytes)} bytes, for those who have the keys`,
          ] as const,
        ]),
  ])
}

function restoredText({ origin, size, book }: RestoredCheckpoint): string {
  const signed = `${origin} signed ${countText(size)} events`
  return book === 'continues'
    ? `${signed}, and this book begins with them`
    : `${signed}, and this book has fewer: a server with that log’s keys takes no writes (tally log fork)`
}

function timestampText(ns: bigint): string {
  return Temporal.Instant.fromEpochNanoseconds(ns).toString()
}
