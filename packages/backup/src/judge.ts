/** Holds a journal against a whole copy of it, piece by piece, and says which of the two is damaged where they differ. */
import { type Disk, findBreak, findForeignFrame, RealDisk } from '@tallystick/journal'

import {
  type DataDirectory,
  pieceReaderOf,
  readRange,
  readUpTo,
  segmentPath,
} from './data-directory.ts'
import { BackupDamaged, BackupRefused } from './errors.ts'
import { type PieceEntry, sha256Of } from './manifest.ts'
import type { Source } from './source.ts'

/**
 * `broken_here`: the copy can mend it. `broken_there`: the copy is damaged, the journal is not. `broken_everywhere`: nobody has it any more.
 * `other_history`: both are whole, and not the same: one of them was written by somebody else, or is of another time line.
 */
export type Verdict =
  | 'same'
  | 'broken_here'
  | 'broken_there'
  | 'broken_everywhere'
  | 'other_history'

export interface Judgement {
  readonly piece: PieceEntry
  readonly verdict: Verdict
  /** Where and why, as a sentence; empty when they are the same. */
  readonly text: string
}

export interface Comparison {
  /** Newest event that the copy has. */
  readonly sequence: number
  /** Bytes that were compared. */
  readonly bytes: number
  /** Where they differ. */
  readonly differences: readonly Judgement[]
}

/** No frame is longer. */
const GROUP_BYTES_MAX = 16 * 1024 * 1024

export interface CompareOptions {
  /** Default: the real one. */
  readonly disk?: Disk
  /** Of the data. A server may be writing it. */
  readonly directory: string
  readonly source: Source
  /** Bytes. */
  readonly onProgress?: (done: number, total: number) => void
}

/** @throws BackupRefused when the copy is of another journal. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { disk = new RealDisk(), directory, source, onProgress } = options
  const data = { disk, directory, shard: source.shard }
  checkJournal(data, source)
  const total = source.pieces.reduce((sum, { bytes }) => sum + bytes, 0)
  const differences: Judgement[] = []
  let bytes = 0
  for (const piece of source.pieces) {
    const judgement = await judge(data, source, piece)
    if (judgement.verdict !== 'same') differences.push(judgement)
    bytes += piece.bytes
    onProgress?.(bytes, total)
  }
  return { sequence: (source.pieces.at(-1)?.to.sequence ?? 1) - 1, bytes, differences }
}

function checkJournal(data: DataDirectory, source: Source): void {
  let id: string
  try {
    id = pieceReaderOf(data).journalId.toString('hex')
  } catch {
    // Its first header is damaged or gone: its pieces will say so.
    return
  }
  if (id === source.journalId) return
  throw new BackupRefused(
    `${source.name} is of journal ${source.journalId}, and ${data.directory} is journal ${id}.`,
  )
}

async function judge(data: DataDirectory, source: Source, piece: PieceEntry): Promise<Judgement> {
  const here = readRange(data, piece)
  const isHere = here !== undefined && sha256Of(here) === piece.sha256
  const there = await readThere(source, piece)
  if (typeof there === 'string') {
    const verdict = isHere ? 'broken_there' : 'broken_everywhere'
    return { piece, verdict, text: isHere ? there : `${brokenHere(data, piece, here)}; ${there}` }
  }
  if (isHere) return { piece, verdict: 'same', text: '' }
  // A frame that is whole and not the copy's may reach over the piece's end.
  const longer = readUpTo(data, piece.from, piece.bytes + GROUP_BYTES_MAX)
  const foreign = findForeignFrame(longer, there, piece.from)
  if (foreign === undefined || foreign >= piece.to.offset) {
    return { piece, verdict: 'broken_here', text: brokenHere(data, piece, here) }
  }
  const path = segmentPath(data, piece.from.segment)
  const text = `${path} has a whole frame at offset ${foreign} that ${source.name} does not have: one of them is another history`
  return { piece, verdict: 'other_history', text }
}

/** The bytes, or what is wrong with them. */
async function readThere(source: Source, piece: PieceEntry): Promise<Buffer | string> {
  try {
    return await source.read(piece)
  } catch (error) {
    if (error instanceof BackupDamaged) return error.message
    throw error
  }
}

function brokenHere(data: DataDirectory, piece: PieceEntry, here: Buffer | undefined): string {
  const path = segmentPath(data, piece.from.segment)
  if (here === undefined) return `${path} ends before offset ${piece.to.offset}, or is missing`
  const { offset, reason } = findBreak(here, piece) ?? { offset: piece.from.offset, reason: '' }
  return `${path} is damaged at offset ${offset}: ${reason}`
}
