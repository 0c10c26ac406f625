/** Whether a log only grew between two checkpoints: nothing of the older tree was changed or taken out. */
import { equalBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { verifyConsistency } from './merkle.ts'
import type { TrustPolicy } from './open-checkpoint.ts'
import { checkCheckpoint, Checklist, counted, grouped, type Report } from './report.ts'
import { TileTree } from './tile-tree.ts'
import { TileProblem, type TileSource } from './tiles.ts'

export interface Growth {
  /** Signed notes. */
  readonly older: Uint8Array | string
  readonly newer: Uint8Array | string
  /** The hashes of a consistency proof, or where the log's tiles lie, from which one is made. */
  readonly evidence: readonly Uint8Array[] | TileSource
}

/**
 * Checks, in this order: `older`, `newer`, `tiles` when the proof is made from them, `consistency`.
 * @throws AmbiguousKeys, Ed25519Missing, SourceUnreadable: then nothing can be said
 */
export async function verifyGrowth(growth: Growth, policy: TrustPolicy): Promise<Report> {
  const list = new Checklist()
  const checkpoint = (name: 'older' | 'newer') =>
    checkCheckpoint(list, growth[name], { name, what: `The ${name} checkpoint`, policy })
  const older = await checkpoint('older')
  const newer = await checkpoint('newer')
  if (older !== undefined && newer !== undefined) {
    await checkConsistency(list, { older, newer }, growth.evidence)
  }
  return { proved: list.proved, checks: list.checks }
}

interface Pair {
  readonly older: Checkpoint
  readonly newer: Checkpoint
}

async function checkConsistency(
  list: Checklist,
  pair: Pair,
  evidence: Growth['evidence'],
): Promise<void> {
  const { older, newer } = pair
  if (older.size > newer.size) {
    const sizes = `The first checkpoint is of ${counted(older.size)}, the second of ${grouped(newer.size)}`
    list.fail('consistency', `${sizes}: give the older one first.`)
    return
  }
  if (older.size === newer.size) {
    list.check('consistency', equalBytes(older.root, newer.root), {
      right: `Both checkpoints are of the same tree of ${counted(older.size)}.`,
      wrong: `There are two different trees of ${counted(older.size)}: the log told two stories. Keep both files, they are the evidence.`,
    })
    return
  }
  const proof = 'read' in evidence ? await proofFromTiles(list, pair, evidence) : evidence
  if (proof === undefined) return
  const sizes = { first: older.size, second: newer.size }
  const claim = { ...sizes, firstRoot: older.root, secondRoot: newer.root, proof }
  list.check('consistency', verifyConsistency(claim), {
    right: `The log only grew: the ${counted(older.size)} of the older tree are the first of the ${grouped(newer.size)} of the newer one.`,
    wrong:
      'read' in evidence
        ? `The newer tree does not begin with the older one: an event up to ${grouped(older.size)} was changed, taken out or put in. Keep both files, they are the evidence.`
        : `The ${proof.length} hashes do not prove that the newer tree begins with the older one.`,
  })
}

/** @returns undefined when the tiles are not those of the newer tree; the list says so */
async function proofFromTiles(
  list: Checklist,
  { older, newer }: Pair,
  source: TileSource,
): Promise<readonly Uint8Array[] | undefined> {
  try {
    const tree = new TileTree(source, newer.size)
    // Without this, tiles that were changed would look like a log that was.
    const right = equalBytes(await tree.root(newer.size), newer.root)
    list.check('tiles', right, {
      right: "The tiles lead to the newer checkpoint's root.",
      wrong: `The tiles do not lead to the newer checkpoint's root at ${counted(newer.size)}: they are damaged, or another log's.`,
    })
    if (!right) return undefined
    return older.size === 0n ? [] : await tree.consistency(older.size)
  } catch (error) {
    if (!(error instanceof TileProblem)) throw error
    list.fail('tiles', `${error.message}.`)
    return undefined
  }
}
