/** A whole log, leaf by leaf: every entry, every hash of every tile, the root, and the signatures on it. */
import { equalBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { LogCheck, type LogRoots } from './log-check.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { Problems } from './problems.ts'
import { checkCheckpoint, Checklist, counted, type Report } from './report.ts'
import type { TileSource } from './tiles.ts'

export interface LogOptions {
  readonly source: TileSource
  /** The signed note; the source's own `checkpoint` by default. An older one checks the log as it was then. */
  readonly checkpoint?: Uint8Array | string
  readonly onProgress?: (done: bigint, total: bigint) => void
}

export interface LogReport extends Report {
  /** Sentences: what this verification says nothing of. */
  readonly unchecked: readonly string[]
}

const UNCHECKED = [
  'Who paid whom how much: accounts, amounts and balances lie behind commitments, and no openings were given.',
  'Whether balances follow from the events, for the same reason.',
  'Whether others are shown the same log: compare checkpoints with theirs, or ask for witnesses.',
]

/**
 * Checks, in this order: `checkpoint`; `entries` and `tiles`, once for each problem, or once when there is none; `root`.
 * @throws AmbiguousKeys, Ed25519Missing, SourceUnreadable: then nothing can be said
 */
export async function verifyLog(options: LogOptions, policy: TrustPolicy): Promise<LogReport> {
  const list = new Checklist()
  const note = options.checkpoint ?? (await options.source.read('checkpoint'))
  if (note === undefined) list.fail('checkpoint', 'There is no checkpoint where the tiles lie.')
  const what = { name: 'checkpoint', what: 'The checkpoint', policy }
  const checkpoint = note === undefined ? undefined : await checkCheckpoint(list, note, what)
  if (checkpoint !== undefined) await checkLog(list, options, checkpoint)
  return { proved: list.proved, checks: list.checks, unchecked: UNCHECKED }
}

async function checkLog(
  list: Checklist,
  { source, onProgress }: LogOptions,
  { size, root }: Checkpoint,
): Promise<void> {
  const entries = new Problems()
  const tiles = new Problems()
  const roots = await new LogCheck(source, size, { entries, tiles }).run(onProgress)
  const all = `All ${counted(size)} can be read and follow each other without a gap`
  entries.conclude(list, 'entries', `${all}, and hash to what the tiles list.`)
  tiles.conclude(list, 'tiles', 'Every hash tile is what the entries make it.')
  checkRoots(list, roots, { size, root })
}

function checkRoots(
  list: Checklist,
  { entries, tiles }: LogRoots,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
): void {
  const leads = (to: Uint8Array | undefined) => to !== undefined && equalBytes(to, root)
  if (leads(entries)) {
    list.pass('root', `The ${counted(size)} lead to the checkpoint's root.`)
    return
  }
  list.fail('root', rootProblem(entries !== undefined, leads(tiles)))
}

function rootProblem(entriesWhole: boolean, tilesLead: boolean): string {
  if (!tilesLead) return "Neither the entries nor the hash tiles lead to the checkpoint's root."
  return entriesWhole
    ? "The entries do not lead to the checkpoint's root, but the hash tiles do: entries were changed, the tree was not."
    : "Entries are missing, so that only the hash tiles lead to the checkpoint's root."
}
