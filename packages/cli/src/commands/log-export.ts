/** `tally log export`: a log's files from a data directory, for `tally-verify` and any other reader of tlog-tiles. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { parseCheckpoint, parseNote } from '@tallystick/verify'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { ProgressLine, progressText } from '../output/progress.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface ExportOptions {
  readonly data?: string
  readonly checkpoint?: string
  readonly openings?: boolean
}

/** Says in a directory that it is an export that is not finished, and whose it is to remove. */
const UNFINISHED = 'UNFINISHED'

const DISCLOSED =
  'With openings the files show everything that the journal has of each event: accounts and their addresses, amounts, balances, limits, metadata, statements of rights. Give them to nobody who may not see all of it.'

export function addLogExport(log: Command, shell: Shell): void {
  log
    .command('export <directory>')
    .description(
      'Make the files of the log (tlog-tiles) from a data directory, which is all that is read.',
    )
    .option('--data <directory>', 'data directory (TALLY_DATA, else ./data)')
    .option(
      '--checkpoint <file>',
      'put this checkpoint beside them, and make the log as large as it was then',
    )
    .option('--openings', 'also what the leaves commit to, so that every balance can be replayed')
    .addHelpText(
      'after',
      `${examples(
        'tally log export audit --data /mnt/copy --checkpoint kept.checkpoint',
        'tally log export audit --data /mnt/copy --checkpoint kept.checkpoint --openings',
        'tally-verify full audit --key "$(cat ledger.vkey)"',
      )}\n\nHashes and leaves come from the journal alone, and from nothing that the proof log kept; no key is needed, and a server may run meanwhile. The directory has to be empty or new: it is made beside, as DIRECTORY.partial, and gets its name when it is whole.\n\n${DISCLOSED}`,
    )
    .action(
      shell.action<ExportOptions>((session, options, directory) =>
        exportLog(session, options, directory ?? ''),
      ),
    )
}

async function exportLog(session: Session, options: ExportOptions, name: string): Promise<void> {
  const directory = session.path(name)
  const { checkpoint, openings = false } = options
  const note = checkpoint === undefined ? undefined : readFileSync(session.path(checkpoint))
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw usageError(`${name} is not empty.`)
  }
  const size = sizeOf(note)
  const partial = emptyPartial(directory)
  if (openings) session.output.note(DISCLOSED)
  let files = 0
  const write = (path: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(partial, path)), { recursive: true })
    writeFileSync(join(partial, path), bytes)
    files++
  }
  const { writeLogFiles } = await import('@tallystick/engine')
  const asked = { directory: session.data(options.data), ...size, openings }
  const { events, root } = await watched(session, (onProgress) =>
    writeLogFiles({ ...asked, onProgress }, write),
  )
  if (note !== undefined) write('checkpoint', note)
  rmSync(join(partial, UNFINISHED))
  renameSync(partial, directory)
  const shown = { directory, events, root: Buffer.from(root).toString('base64'), files, openings }
  session.output.answer({ object: 'log_export', ...shown }, () =>
    pairsText(session.output, [
      ['directory', directory],
      ['events', countText(events)],
      ['root', shown.root],
      ['files', countText(files)],
      ['openings', openings ? 'yes: they show accounts, amounts and balances' : 'no'],
    ]),
  )
}

/** A new directory beside; what an export that was killed left there is removed, and nothing else. @throws CommandError */
function emptyPartial(directory: string): string {
  const partial = `${directory.replace(/\/+$/, '')}.partial`
  if (existsSync(partial)) {
    if (!existsSync(join(partial, UNFINISHED))) {
      throw usageError(`${partial} is there, and not from an export that was interrupted.`)
    }
    rmSync(partial, { recursive: true })
  }
  mkdirSync(partial, { recursive: true })
  writeFileSync(
    join(partial, UNFINISHED),
    'An export of the log was begun here and not finished.\n',
  )
  return partial
}

type OnProgress = (done: number, total: number | undefined) => void

async function watched<Result>(
  session: Session,
  work: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  const line = new ProgressLine(session.output.terminal)
  const begun = performance.now()
  try {
    return await work((done, total) =>
      line.draw(() => {
        const seconds = (performance.now() - begun) / 1000
        return progressText({ done, total, seconds, unit: 'events' })
      }),
    )
  } finally {
    line.clear()
  }
}

/** What a checkpoint says that it has, whoever signed it: that is the verifier's to judge. @throws CommandError */
function sizeOf(note: Uint8Array | undefined): { readonly size?: number } {
  if (note === undefined) return {}
  try {
    return { size: Number(parseCheckpoint(parseNote(note).text).size) }
  } catch (error) {
    throw usageError(`The checkpoint is none: ${error instanceof Error ? error.message : ''}`)
  }
}
