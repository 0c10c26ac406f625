/** A whole log, leaf by leaf: every entry, every hash of every tile, the root, and the signatures on it; and, where it shows what its leaves commit to, every balance. */
import { equalBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { LogCheck, type LogRoots } from './log-check.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { Problems } from './problems.ts'
import { IDS_MAX } from './replay/ledger-state.ts'
import { isOpenings } from './replay/opening-bundle.ts'
import { Replay, type Replayed } from './replay/replay.ts'
import { checkCheckpoint, Checklist, counted, grouped, type Report } from './report.ts'
import { SourceUnreadable, TILE_WIDTH, tilePath, type TileSource } from './tiles.ts'

export interface LogOptions {
  readonly source: TileSource
  /** The signed note; the source's own `checkpoint` by default. An older one checks the log as it was then. */
  readonly checkpoint?: Uint8Array | string
  /** Without openings nothing is proved: a log that shows none fails. By default it is only said. */
  readonly needsOpenings?: boolean
  readonly onProgress?: (done: bigint, total: bigint) => void
}

export interface LogReport extends Report {
  /** What the events come to, where openings were there and all of them could be replayed. */
  readonly replayed?: Replayed | undefined
  /** Sentences: what this verification says nothing of. */
  readonly unchecked: readonly string[]
}

const WITHOUT_OPENINGS = [
  'Who paid whom how much: accounts, amounts and balances lie behind commitments, and no openings were given.',
  'Whether balances follow from the events, for the same reason.',
]
const WITH_OPENINGS = [
  'Whether what was asked was right, and whether the ledger should have refused what it did, or done what it refused, but for limits and holds.',
  'Links that lead further back than to the entry before, value dates and closed periods, rights.',
]
const MORE_IDS = `Whether ids of transfers behind the first ${grouped(IDS_MAX)} are used only once.`
const ALWAYS =
  'Whether others are shown the same log: compare checkpoints with theirs, or ask for witnesses.'

/**
 * Checks, in this order: `checkpoint`; `entries` and `tiles`, once for each problem, or once when there is none; `root`; where there are openings, the same
 * for `openings`, `decisions`, `links`, `balances`, `holds`, `limits`, `ids`, `accounts_roots` and `trial_balance`, or `replay` when it could not go on.
 * @throws AmbiguousKeys, Ed25519Missing, SourceUnreadable: then nothing can be said
 */
export async function verifyLog(options: LogOptions, policy: TrustPolicy): Promise<LogReport> {
  const list = new Checklist()
  const note = options.checkpoint ?? (await options.source.read('checkpoint'))
  if (note === undefined) list.fail('checkpoint', 'There is no checkpoint where the tiles lie.')
  const what = { name: 'checkpoint', what: 'The checkpoint', policy }
  const checkpoint = note === undefined ? undefined : await checkCheckpoint(list, note, what)
  const found = checkpoint && (await checkLog(list, options, checkpoint))
  return {
    proved: list.proved,
    checks: list.checks,
    ...(found?.replayed && { replayed: found.replayed }),
    unchecked: [...(found?.unchecked ?? WITHOUT_OPENINGS), ALWAYS],
  }
}

async function checkLog(
  list: Checklist,
  options: LogOptions,
  { size, root }: Checkpoint,
): Promise<Pick<LogReport, 'replayed' | 'unchecked'>> {
  const { source, needsOpenings, onProgress } = options
  const problems = { entries: new Problems(), tiles: new Problems() }
  const replay = (await hasOpenings(options, size)) ? new Replay(source, size) : undefined
  const check = new LogCheck(source, size, { problems, ...(replay && { replay }) })
  const roots = await check.run(onProgress)
  const all = `All ${counted(size)} can be read and follow each other without a gap`
  problems.entries.conclude(list, 'entries', `${all}, and hash to what the tiles list.`)
  problems.tiles.conclude(list, 'tiles', 'Every hash tile is what the entries make it.')
  checkRoots(list, roots, { size, root })
  if (replay !== undefined) {
    const replayed = replay.conclude(list)
    return { replayed, unchecked: [...WITH_OPENINGS, ...(replay.hasMoreIds ? [MORE_IDS] : [])] }
  }
  if (needsOpenings === true) list.fail('openings', 'There are no openings where the tiles lie.')
  return { unchecked: WITHOUT_OPENINGS }
}

/** Of the first events: who shows these shows all, or the replay says where they end. @throws SourceUnreadable when they are needed */
async function hasOpenings({ source, needsOpenings }: LogOptions, size: bigint): Promise<boolean> {
  const width = size < TILE_WIDTH ? Number(size) : TILE_WIDTH
  if (width === 0) return false
  try {
    for (const wide of new Set([width, TILE_WIDTH])) {
      const path = tilePath({ level: 'openings', index: 0n, width: wide })
      if (isOpenings(await source.read(path))) return true
    }
  } catch (error) {
    // A server that knows no openings may refuse to look for them.
    if (!(error instanceof SourceUnreadable) || needsOpenings === true) throw error
  }
  return false
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
