/** `tally log export`: a log's files from a data directory, for `tally-verify` and any other reader of tlog-tiles. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { parseCheckpoint, parseNote } from '@tallystick/verify'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { pairsText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface ExportOptions {
  readonly data?: string
  readonly checkpoint?: string
}

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
    .addHelpText(
      'after',
      `${examples(
        'tally log export audit --data /mnt/copy --checkpoint kept.checkpoint',
        'tally-verify full audit --key "$(cat ledger.vkey)"',
      )}\n\nHashes and leaves come from the journal alone, and from nothing that the proof log kept; no key is needed, and a server may run meanwhile. The directory has to be empty or new.`,
    )
    .action(
      shell.action<ExportOptions>((session, options, directory) =>
        exportLog(session, options, directory ?? ''),
      ),
    )
}

async function exportLog(session: Session, options: ExportOptions, name: string): Promise<void> {
  const directory = session.path(name)
  const { checkpoint } = options
  const note = checkpoint === undefined ? undefined : readFileSync(session.path(checkpoint))
  mkdirSync(directory, { recursive: true })
  if (readdirSync(directory).length > 0) throw usageError(`${name} is not empty.`)
  let files = 0
  const write = (path: string, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
    files++
  }
  const { writeLogFiles } = await import('@tallystick/engine')
  const data = session.data(options.data)
  const { events, root } = await writeLogFiles({ directory: data, ...sizeOf(note) }, write)
  if (note !== undefined) write('checkpoint', note)
  const shown = { directory, events, root: Buffer.from(root).toString('base64'), files }
  session.output.answer({ object: 'log_export', ...shown }, () =>
    pairsText(session.output, [
      ['directory', directory],
      ['events', countText(events)],
      ['root', shown.root],
      ['files', countText(files)],
    ]),
  )
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
