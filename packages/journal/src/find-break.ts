/** Looks into a piece of a segment whose bytes are not what they should be: where it is broken, and whether it was damaged or is another one. */
import { scanFrame } from './frame-scan.ts'
import { FrameWalk, isFrame } from './frame-walk.ts'
import { JournalCorrupt, JournalRefused } from './errors.ts'
import { SEGMENT_HEADER_BYTES } from './limits.ts'
import { MemoryDisk } from './memory-disk.ts'
import type { PiecePosition } from './piece-reader.ts'
import { SegmentFiles } from './segment-files.ts'
import { segmentName } from './segment-header.ts'
import { readHeader } from './segment-list.ts'
import { SegmentWindow } from './segment-window.ts'

export interface Break {
  /** In the segment. */
  readonly offset: number
  readonly reason: string
}

const DIRECTORY = 'piece'

const MAGIC = Buffer.from('TLF1', 'latin1')

/** The first place where bytes that should lie between two places are no such frames; undefined when they are. */
export function findBreak(
  bytes: Uint8Array,
  { from, to }: { readonly from: PiecePosition; readonly to: PiecePosition },
): Break | undefined {
  const files = filesOf(bytes, from)
  const hasHeader = from.offset === 0
  if (hasHeader && typeof readHeader(files, from.segment) === 'string') {
    return { offset: 0, reason: "the segment's header is broken" }
  }
  const { sequence, chain } = from
  const offset = hasHeader ? SEGMENT_HEADER_BYTES : from.offset
  const walk = new FrameWalk(new SegmentWindow(files, from.segment), { offset, sequence, chain })
  return walkTo(walk, to)
}

/**
 * Offset in the segment of a whole frame among `here` that `there` does not have in its place: no damage makes one, so somebody wrote it.
 * Both begin at `from`.
 */
export function findForeignFrame(
  here: Buffer,
  there: Buffer,
  from: PiecePosition,
): number | undefined {
  const window = new SegmentWindow(filesOf(here, from), from.segment)
  for (let at = here.indexOf(MAGIC); at >= 0; at = here.indexOf(MAGIC, at + 1)) {
    if ((from.offset + at) % 8 !== 0) continue
    const scan = scanFrame(window, from.offset + at)
    if (scan.kind !== 'whole') continue
    const end = scan.end - from.offset
    if (!here.subarray(at, end).equals(there.subarray(at, end))) return from.offset + at
    at = end - 1
  }
  return undefined
}

/** A segment that has nothing but these bytes in their place. */
function filesOf(bytes: Uint8Array, { segment, offset }: PiecePosition): SegmentFiles {
  const disk = new MemoryDisk()
  const whole = Buffer.alloc(offset + bytes.length)
  whole.set(bytes, offset)
  disk.place(`${DIRECTORY}/${segmentName(segment)}`, whole)
  return new SegmentFiles(disk, DIRECTORY)
}

function walkTo(walk: FrameWalk, to: PiecePosition): Break | undefined {
  try {
    for (let step = walk.next(); ; step = walk.next()) {
      if (isFrame(step)) continue
      if (step.kind === 'broken') return { offset: step.at, reason: step.reason }
      break
    }
  } catch (error) {
    if (error instanceof JournalCorrupt) return { offset: error.offset, reason: error.message }
    if (error instanceof JournalRefused)
      return { offset: walk.position.offset, reason: error.message }
    throw error
  }
  const { offset, sequence, chain } = walk.position
  if (offset === to.offset && sequence === to.sequence && chain === to.chain) return undefined
  return {
    offset,
    reason: `its frames end with event ${sequence - 1}, not with ${to.sequence - 1}`,
  }
}
