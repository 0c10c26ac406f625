/** Walks the frames of one segment in order and verifies that each follows the one before. */
import { JournalCorrupt } from './errors.ts'
import { scanFrame, type BrokenFrame, type NoFrame } from './frame-scan.ts'
import { FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './limits.ts'
import type { Frame } from './reader.ts'
import type { SegmentWindow } from './segment-window.ts'

/** Where a walk is: behind the frame that it returned last. */
export interface WalkPosition {
  offset: number
  /** Sequence that the next frame must begin with. */
  sequence: number
  /** Checksum of the frame before; undefined when it is not known, as in the middle of a segment. */
  chain: number | undefined
}

export class FrameWalk {
  readonly window: SegmentWindow
  readonly position: WalkPosition

  constructor(window: SegmentWindow, position: Omit<WalkPosition, 'offset'> & { offset?: number }) {
    this.window = window
    this.position = { offset: SEGMENT_HEADER_BYTES, ...position }
  }

  /** The next frame, verified; or what stands in its place. A whole frame in a wrong place throws. */
  next(): Frame | NoFrame | BrokenFrame {
    const { offset, sequence, chain } = this.position
    const scan = scanFrame(this.window, offset)
    if (scan.kind !== 'whole') return scan
    const { header, body, end } = scan
    // No torn write puts a whole frame into a place where it does not belong.
    if (header.firstSequence !== sequence) {
      throw this.corrupt(`the frame begins with ${header.firstSequence} and not with ${sequence}`)
    }
    if (chain !== undefined && header.chain !== chain) {
      throw this.corrupt('the frame does not carry the checksum of the one before')
    }
    this.position.offset = end
    this.position.sequence = sequence + header.count
    this.position.chain = header.checksum
    return {
      segment: this.window.segment,
      offset,
      firstSequence: sequence,
      count: header.count,
      bodyOffset: offset + FRAME_HEADER_BYTES,
      bodyBytes: header.bodyBytes,
      body,
      durable: header.durable,
      checksum: header.checksum,
    }
  }

  /** A `JournalCorrupt` at the walk's position, or at another offset. */
  corrupt(reason: string, offset = this.position.offset): JournalCorrupt {
    return new JournalCorrupt({ file: this.window.files.path(this.window.segment), offset, reason })
  }
}

/** Narrows a walk's step: a frame has no kind. */
export function isFrame(step: Frame | NoFrame | BrokenFrame): step is Frame {
  return !('kind' in step)
}
