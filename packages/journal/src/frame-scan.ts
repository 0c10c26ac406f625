/** Reads and verifies the frame at an offset of a segment, or says why there is none. */
import { JournalRefused } from './errors.ts'
import {
  brokenBlock,
  FRAME_MAGIC,
  type FrameHeader,
  headerHolds,
  readFrameHeader,
  tableBytes,
} from './frame.ts'
import { align8, BLOCK_BYTES, FRAME_HEADER_BYTES, frameBytes } from './limits.ts'
import type { SegmentWindow } from './segment-window.ts'
import { viewOf } from './words.ts'
import { isZero } from './zeros.ts'

interface WholeFrame {
  readonly kind: 'whole'
  readonly header: FrameHeader
  /** The body without its padding; valid until the next read. */
  readonly body: Buffer
  /** Offset behind the frame. */
  readonly end: number
}

/** No frame begins here: there are only zeros, or the file ends. */
export interface NoFrame {
  readonly kind: 'end'
}

export interface BrokenFrame {
  readonly kind: 'broken'
  /** Offset of what is wrong, as near as is known. */
  readonly at: number
  readonly reason: string
  /** Offset behind the frame where its header is whole and so can be believed; else undefined. */
  readonly end: number | undefined
}

export type FrameScan = WholeFrame | NoFrame | BrokenFrame

/** A frame longer than this has its header verified before memory is taken for its body. */
const TRUSTED_BYTES = 8 * 1024 * 1024

export function scanFrame(window: SegmentWindow, offset: number): FrameScan {
  const head = window.bytes(offset, FRAME_HEADER_BYTES)
  if (head === undefined) return scanShortEnd(window, offset)
  const header = readFrameHeader(viewOf(head), 0)
  if (header.magic === 0 && isZero(head)) return { kind: 'end' }
  if (header.magic !== FRAME_MAGIC) return broken(offset, 'no frame begins here')
  const end = offset + frameBytes(header.bodyBytes)
  if (end > window.size) return broken(offset, 'the frame is longer than its file')
  const bodyBytes = align8(header.bodyBytes)
  if (end - offset > TRUSTED_BYTES && !headerAloneHolds(window, offset, header)) {
    return broken(offset, "the frame's header is broken")
  }
  const bytes = window.bytes(offset, end - offset)
  if (bytes === undefined) return broken(offset, 'the frame cannot be read whole')
  const table = bytes.subarray(FRAME_HEADER_BYTES + bodyBytes)
  if (!headerHolds(bytes.subarray(0, FRAME_HEADER_BYTES), table)) {
    return broken(offset, "the frame's header or block table is broken")
  }
  const body = bytes.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + bodyBytes)
  const block = brokenBlock(body, table)
  if (block >= 0) {
    const at = offset + FRAME_HEADER_BYTES + block * BLOCK_BYTES
    return { kind: 'broken', at, reason: `block ${block} of the frame at ${offset} is broken`, end }
  }
  if (header.flags !== 0) {
    const reason = `the frame at ${offset} has flags that this version does not know`
    throw new JournalRefused({ file: window.files.path(window.segment), reason })
  }
  return { kind: 'whole', header, body: body.subarray(0, header.bodyBytes), end }
}

function scanShortEnd(window: SegmentWindow, offset: number): FrameScan {
  const rest = window.bytes(offset, Math.max(0, window.size - offset))
  if (rest === undefined || isZero(rest)) return { kind: 'end' }
  return broken(offset, 'the file ends inside a frame')
}

function broken(at: number, reason: string): BrokenFrame {
  return { kind: 'broken', at, reason, end: undefined }
}

function headerAloneHolds(window: SegmentWindow, offset: number, header: FrameHeader): boolean {
  const head = Buffer.alloc(FRAME_HEADER_BYTES)
  const table = Buffer.alloc(tableBytes(header.bodyBytes))
  const tableOffset = offset + FRAME_HEADER_BYTES + align8(header.bodyBytes)
  window.files.pread(window.segment, head, offset)
  const read = window.files.pread(window.segment, table, tableOffset)
  return read === table.length && headerHolds(head, table)
}
