/** Looks where a piece of a segment is broken, when its bytes are not what they should be. */
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

/** The first place where bytes that should lie between two places are no such frames; undefined when they are. */
export function findBreak(
  bytes: Uint8Array,
  { from, to }: { readonly from: PiecePosition; readonly to: PiecePosition },
): Break | undefined {
  const disk = new MemoryDisk()
  const whole = Buffer.alloc(from.offset + bytes.length)
  whole.set(bytes, from.offset)
  disk.place(`${DIRECTORY}/${segmentName(from.segment)}`, whole)
  const files = new SegmentFiles(disk, DIRECTORY)
  const hasHeader = from.offset === 0
  if (hasHeader && typeof readHeader(files, from.segment) === 'string') {
    return { offset: 0, reason: "the segment's header is broken" }
  }
  const { sequence, chain } = from
  const offset = hasHeader ? SEGMENT_HEADER_BYTES : from.offset
  const walk = new FrameWalk(new SegmentWindow(files, from.segment), { offset, sequence, chain })
  return walkTo(walk, to)
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
