/** The segments of a directory as their names and headers tell, before any frame is looked at. */
import { JournalCorrupt, JournalRefused } from './errors.ts'
import { SEGMENT_HEADER_BYTES } from './limits.ts'
import type { SegmentFiles } from './segment-files.ts'
import {
  FORMAT_VERSION,
  readSegmentHeader,
  type SegmentHeader,
  segmentName,
  segmentNumber,
} from './segment-header.ts'

/** A file behind the last segment that was begun: prepared with zeros, or begun in a write that was torn. */
interface UnbegunSegment {
  readonly number: number
  readonly header: 'unwritten' | 'broken'
}

export interface SegmentList {
  /** Segments with a whole header, by number from 1 on. */
  readonly begun: readonly SegmentHeader[]
  readonly unbegun: readonly UnbegunSegment[]
}

export interface SegmentExpectation {
  readonly journalId: Uint8Array | undefined
  readonly shard: number
}

export function listSegments(files: SegmentFiles, expectation: SegmentExpectation): SegmentList {
  const begun: SegmentHeader[] = []
  const unbegun: UnbegunSegment[] = []
  for (const number of segmentNumbers(files)) {
    const header = readHeader(files, number)
    const first = unbegun[0]
    if (typeof header === 'string') {
      if (header === 'broken' && first !== undefined) throw brokenHeader(files, number)
      unbegun.push({ number, header })
    } else {
      if (first !== undefined) throw brokenHeader(files, first.number)
      checkHeader(files, header, { ...expectation, number, before: begun.at(-1) })
      begun.push(header)
    }
  }
  return { begun, unbegun }
}

/** Numbers of the segments, which must be 1, 2, 3 … */
function segmentNumbers(files: SegmentFiles): number[] {
  const numbers = existingNames(files).flatMap((name) => segmentNumber(name) ?? [])
  numbers.sort((a, b) => a - b)
  for (const [index, number] of numbers.entries()) {
    if (number === index + 1) continue
    throw new JournalRefused({
      file: files.path(index + 1),
      reason: `the segment is missing, but ${segmentName(number)} exists`,
    })
  }
  return numbers
}

function existingNames(files: SegmentFiles): string[] {
  try {
    return files.disk.readdir(files.directory)
  } catch (error) {
    // No directory yet: a new journal.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

export function readHeader(
  files: SegmentFiles,
  number: number,
): SegmentHeader | 'unwritten' | 'broken' {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  const read = files.pread(number, bytes, 0)
  return readSegmentHeader(bytes.subarray(0, read))
}

function checkHeader(
  files: SegmentFiles,
  header: SegmentHeader,
  expected: SegmentExpectation & { number: number; before: SegmentHeader | undefined },
): void {
  const file = files.path(expected.number)
  const refuse = (reason: string): JournalRefused => new JournalRefused({ file, reason })
  if (header.version !== FORMAT_VERSION) {
    throw refuse(`format version ${header.version}; this program knows ${FORMAT_VERSION} only`)
  }
  const id = expected.before?.journalId ?? expected.journalId
  if (id !== undefined && !header.journalId.equals(id)) {
    throw refuse(
      `it belongs to journal ${header.journalId.toString('hex')}, not to ${Buffer.from(id).toString('hex')}`,
    )
  }
  if (header.shard !== expected.shard) {
    throw refuse(`it belongs to shard ${header.shard}, not to shard ${expected.shard}`)
  }
  if (header.number !== expected.number) throw refuse(`its header says number ${header.number}`)
  if (!(header.firstSequence >= (expected.before?.firstSequence ?? 0))) {
    throw refuse('it begins with a smaller sequence than the segment before')
  }
}

function brokenHeader(files: SegmentFiles, number: number): JournalCorrupt {
  const reason = 'its header is broken, and a later segment was begun'
  return new JournalCorrupt({ file: files.path(number), offset: 0, reason })
}
