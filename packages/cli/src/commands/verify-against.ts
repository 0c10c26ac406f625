/** What `tally verify --against` names: a backup, a copy, a checkpoint in a file, or a log on the web; and what the comparison comes to. */
import { statSync } from 'node:fs'
import type { Comparison, LogComparison } from '@tallystick/backup'
import { httpSource, SourceUnreadable, type TileSource } from '@tallystick/verify'
import { ExitCode } from '../exit-code.ts'
import { CommandError } from '../failure.ts'
import type { Output } from '../output/output.ts'
import type { Session } from '../session.ts'
import { givenPolicy, type PolicyOptions } from './log-policy.ts'
import { readCheckpoint } from './checkpoint-file.ts'
import { compareWith, comparisonText } from './repair.ts'

export interface AgainstOptions extends PolicyOptions {
  readonly against?: string
  readonly endpoint?: string
}

export interface Against {
  /** For `--json`. */
  readonly comparison: Comparison | LogComparison
  readonly agrees: boolean
  readonly text: string
}

/** @param book what is compared: its directory, and its newest event. @throws CommandError, BackupRefused */
export async function heldAgainst(
  session: Session,
  options: AgainstOptions & { readonly against: string },
  book: { readonly directory: string; readonly sequence: number },
): Promise<Against> {
  const { against: place, endpoint } = options
  const { output } = session
  const log = await logOf(session, place)
  if (log === undefined) {
    const comparison = await compareWith(session, book.directory, { place, endpoint })
    const agrees = comparison.differences.length === 0
    return { comparison, agrees, text: comparisonText(output, place, comparison) }
  }
  const { holdToLog } = await import('@tallystick/backup')
  const policy = givenPolicy(options)
  const comparison = await holdToLog({ ...book, ...log, policy })
  return {
    comparison,
    agrees: comparison.verdict === 'same',
    text: logText(output, { place, comparison, isChecked: policy !== undefined }),
  }
}

interface NamedLog {
  readonly note: string
  readonly tiles?: TileSource
}

/** @returns undefined when it is a backup or another directory. */
async function logOf(session: Session, place: string): Promise<NamedLog | undefined> {
  if (/^https?:\/\//.test(place)) return webLog(place)
  if (place.startsWith('s3:')) return undefined
  const path = session.path(place)
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true
  return isFile ? { note: readCheckpoint(path) } : undefined
}

/** A server's address, the prefix of any tlog-tiles log, or the address of its checkpoint. */
async function webLog(place: string): Promise<NamedLog> {
  const named = place.replace(/\/checkpoint$/, '').replace(/\/+$/, '')
  const bare = /^https?:\/\/[^/]+(\/v1)?$/.test(named)
  const tiles = httpSource(bare ? `${named.replace(/\/v1$/, '')}/v1/log` : named)
  try {
    const bytes = await tiles.read('checkpoint')
    if (bytes !== undefined) return { note: new TextDecoder().decode(bytes), tiles }
  } catch (error) {
    if (!(error instanceof SourceUnreadable)) throw error
    throw new CommandError(`${error.message}.`, ExitCode.unreachable, 'log_unreadable')
  }
  throw new CommandError(`${place} has no checkpoint.`, ExitCode.notFound, 'not_found')
}

function logText(
  output: Output,
  found: {
    readonly place: string
    readonly comparison: LogComparison
    readonly isChecked: boolean
  },
): string {
  const { place, isChecked } = found
  const { verdict, text, signedBy } = found.comparison
  const agrees = verdict === 'same'
  const head = agrees ? `${place} agrees: ${text}` : `${place} does not agree (${verdict}): ${text}`
  const signed = isChecked
    ? `Signed by ${signedBy.join(', ') || 'nobody who counts'}.`
    : 'Whether it is signed was not checked: name the key of the log with --log-key.'
  return `${output.style(agrees ? 'green' : 'red', head)}\n${signed}`
}
