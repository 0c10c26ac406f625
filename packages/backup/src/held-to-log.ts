/** Holds a book against a checkpoint of its proof log: whether its first events are those that were signed, and which one is not. */
import { rootsOfBook } from '@tallystick/engine'
import { JournalCorrupt, JournalRefused } from '@tallystick/journal'
import {
  CheckpointRefused,
  equalBytes,
  openCheckpoint,
  SourceUnreadable,
  TileProblem,
  type TileSource,
  TileTree,
  type TrustPolicy,
} from '@tallystick/verify'

import { checkpointOf } from './checkpoints.ts'

/**
 * - `same`: the book begins with what was signed.
 * - `shorter`: it has fewer events than were signed.
 * - `other_history`: its first events are others.
 * - `broken_here`: it cannot be read as far as that.
 * - `not_trusted`: the checkpoint is not signed as the policy wants it; nothing was compared.
 */
export type LogVerdict = 'same' | 'shorter' | 'other_history' | 'broken_here' | 'not_trusted'

export interface LogComparison {
  readonly verdict: LogVerdict
  /** Name of the log. */
  readonly origin: string
  /** Events that were signed. */
  readonly size: number
  /** Who signed, as far as the policy could tell: names of keys. */
  readonly signedBy: readonly string[]
  /** The first event that differs; undefined when none does, or no tiles could tell. */
  readonly firstDifference: number | undefined
  /** What was found, as a sentence. */
  readonly text: string
}

export interface HeldOptions {
  /** Of the data. A server may be writing it. */
  readonly directory: string
  /** The newest event that the book has at least. */
  readonly sequence: number
  /** A signed note. */
  readonly note: string
  /** Whose signatures count; undefined: they are not checked. */
  readonly policy?: TrustPolicy | undefined
  /** Hash tiles of the log, which say where two histories part. */
  readonly tiles?: TileSource | undefined
}

/** @throws BackupRefused when the note is no checkpoint. */
export async function holdToLog(options: HeldOptions): Promise<LogComparison> {
  const { directory, sequence, note, policy } = options
  const { origin, size: events, root } = checkpointOf(note)
  const size = Number(events)
  const found = { origin, size, signedBy: [], firstDifference: undefined }
  const signedBy = policy === undefined ? [] : await signersOf(note, policy)
  if (typeof signedBy === 'string') {
    const text = `The checkpoint of ${origin} is not to be trusted: ${signedBy}.`
    return { ...found, verdict: 'not_trusted', text }
  }
  const signed = { ...found, signedBy }
  if (sequence < size) {
    const text = `${origin} has signed ${size} events, and this book has ${sequence}: its end was lost or taken away.`
    return { ...signed, verdict: 'shorter', text }
  }
  try {
    if (size === 0 || equalBytes(await rootOf(directory, size), root)) {
      const text = `The first ${size} events of this book are those that ${origin} has signed.`
      return { ...signed, verdict: 'same', text }
    }
    return { ...signed, verdict: 'other_history', ...(await partingOf(options, { size, root })) }
  } catch (error) {
    if (!(error instanceof JournalCorrupt || error instanceof JournalRefused)) throw error
    const text = `The book cannot be read as far as event ${size}: ${error.message}`
    return { ...signed, verdict: 'broken_here', text }
  }
}

/** @returns why nobody is trusted, as a part of a sentence. */
async function signersOf(note: string, policy: TrustPolicy): Promise<string[] | string> {
  try {
    const { logs, witnesses } = await openCheckpoint(note, policy)
    return [...logs, ...witnesses].map(({ key }) => key.name)
  } catch (error) {
    if (error instanceof CheckpointRefused) return error.message
    throw error
  }
}

async function rootOf(directory: string, size: number): Promise<Uint8Array> {
  const [root = new Uint8Array(0)] = await rootsOfBook({ directory }, [size])
  return root
}

/** Where the book leaves the signed history, as far as tiles can say it. */
async function partingOf(
  { directory, note, tiles }: HeldOptions,
  signed: { readonly size: number; readonly root: Uint8Array },
): Promise<Pick<LogComparison, 'firstDifference' | 'text'>> {
  const { size, root } = signed
  const { origin } = checkpointOf(note)
  const differs = `The first ${size} events of this book are not those that ${origin} has signed`
  const changed = 'one of them was changed, taken out or put in'
  if (tiles === undefined) {
    const text = `${differs}: ${changed}.`
    return { firstDifference: undefined, text }
  }
  try {
    const tree = new TileTree(tiles, BigInt(size))
    if (!equalBytes(await tree.root(BigInt(size)), root)) {
      throw new TileProblem('they do not lead to the root that was signed')
    }
    const firstDifference = await firstDifferent(directory, tree, size)
    return {
      firstDifference,
      text: `${differs}: event ${firstDifference} is the first that differs.`,
    }
  } catch (error) {
    if (!(error instanceof TileProblem || error instanceof SourceUnreadable)) throw error
    const text = `${differs}: ${changed}. Its tiles do not say which: ${error.message}.`
    return { firstDifference: undefined, text }
  }
}

/** Roots that are taken of the book in one reading of it. */
const ROOTS_AT_ONCE = 512

/** Trees of fewer events than it are the same, all others differ. */
async function firstDifferent(directory: string, tree: TileTree, size: number): Promise<number> {
  let same = 0
  let different = size
  while (different - same > 1) {
    const step = Math.max(1, Math.ceil((different - same) / ROOTS_AT_ONCE))
    const sizes: number[] = []
    for (let at = same + step; at < different; at += step) sizes.push(at)
    const roots = await rootsOfBook({ directory }, sizes)
    const isSame = async (index: number): Promise<boolean> =>
      equalBytes(roots[index] ?? new Uint8Array(0), await tree.root(BigInt(sizes[index] ?? 0)))
    const first = await firstThatIsNot(sizes.length, isSame)
    different = sizes[first] ?? different
    same = sizes[first - 1] ?? same
  }
  return different
}

/** @param holds true for all numbers below one, and false from there on. @returns that one, at most `count`. */
async function firstThatIsNot(
  count: number,
  holds: (index: number) => Promise<boolean>,
): Promise<number> {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (await holds(middle)) low = middle + 1
    else high = middle
  }
  return low
}
