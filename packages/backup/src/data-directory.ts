/** The journal of a data directory as a backup reads it: pieces with the time of their first event. */
import { bookDirectory } from '@tallystick/engine'
import {
  type Disk,
  diskErrorCode,
  openJournal,
  type Piece,
  PieceReader,
  segmentName,
} from '@tallystick/journal'
import { BodyField } from '@tallystick/ledger'

import { type PieceEntry, type Place, sha256Of } from './manifest.ts'

/** A piece that was read, and how it will be known. */
export interface NewPiece {
  readonly entry: PieceEntry
  readonly bytes: Buffer
  /** Nothing was there behind it when it was read. */
  readonly isNewest: boolean
}

export interface DataDirectory {
  readonly disk: Disk
  readonly directory: string
  readonly shard: number
}

export function pieceReaderOf({ disk, directory, shard }: DataDirectory): PieceReader {
  return new PieceReader({ disk, shard, directory: bookDirectory(directory) })
}

/** Newest event, and bytes of the journal, as of now. @throws JournalCorrupt, JournalRefused. */
export async function journalNow(
  data: DataDirectory,
): Promise<{ sequence: number; bytes: number; id: string }> {
  const { disk, directory, shard } = data
  const journal = openJournal({
    ...{ disk, shard, directory: bookDirectory(directory), from: { sequence: 1 } },
  })
  const { lastSequence: sequence, bytes } = journal.report
  await journal.close()
  return { sequence, bytes, id: journal.id.toString('hex') }
}

/** The next piece, if there is one. */
export function readPiece(reader: PieceReader, bytesMax: number): NewPiece | undefined {
  let timestamp: bigint | undefined
  const piece = reader.next(bytesMax, ({ count, body }) => {
    if (count > 0) timestamp ??= body.readBigUInt64LE(BodyField.timestamp)
  })
  if (piece === undefined) return undefined
  const { bytes, isNewest } = piece
  return { entry: entryOf(piece, timestamp), bytes, isNewest }
}

function entryOf({ from, to, bytes }: Piece, timestamp: bigint | undefined): PieceEntry {
  const sha256 = sha256Of(bytes)
  const range = [from.offset, to.offset].map((offset) => offset.toString().padStart(12, '0'))
  const object = `${segmentPrefix(from.segment)}${range.join('-')}-${sha256.slice(0, 16)}.piece`
  return { object, bytes: bytes.length, sha256, from, to, timestamp }
}

/** Where the objects of a segment lie. */
export function segmentPrefix(segment: number): string {
  return `book/${segment.toString().padStart(10, '0')}/`
}

export function segmentPath({ directory }: DataDirectory, segment: number): string {
  return `${bookDirectory(directory)}/${segmentName(segment)}`
}

/** The bytes that lie where a piece belongs; undefined when the file is not there or ends before. */
export function readRange(
  data: DataDirectory,
  { from, to }: Pick<PieceEntry, 'from' | 'to'>,
): Buffer | undefined {
  const length = to.offset - from.offset
  const bytes = readUpTo(data, from, length)
  return bytes.length === length ? bytes : undefined
}

/** The bytes from a place on, as many as there are; none when the file is not there. */
export function readUpTo(data: DataDirectory, from: Place, length: number): Buffer {
  const { disk } = data
  const bytes = Buffer.alloc(length)
  try {
    const file = disk.open(segmentPath(data, from.segment), 'read')
    try {
      return bytes.subarray(0, disk.pread(file, bytes, from.offset))
    } finally {
      disk.close(file)
    }
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return bytes.subarray(0, 0)
    throw error
  }
}
