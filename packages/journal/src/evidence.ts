/**
 * Evidence that a broken frame had been durable: a whole frame behind it that was written later. Groups are written one after
 * another, each after the sync of the one before, and every frame tells the newest durable sequence of its time.
 */
import { FRAME_MAGIC, readFrameHeader } from './frame.ts'
import { scanFrame } from './frame-scan.ts'
import { align8, FRAME_HEADER_BYTES } from './limits.ts'
import type { SegmentWindow } from './segment-window.ts'
import { viewOf } from './words.ts'
import { ZEROS, isZero } from './zeros.ts'

const MAGIC = Buffer.from('TLF1', 'latin1')

export interface EvidenceOptions {
  /** Where to begin looking. */
  readonly from: number
  /** First sequence of the broken frame. */
  readonly sequence: number
  /** Only a frame that says so counts. Otherwise also one that begins where the broken one did: that had no events. */
  readonly strictly?: boolean
}

/** Offset of the first frame that proves the broken one to have been durable, or undefined. */
export function findLaterFrame(
  window: SegmentWindow,
  options: EvidenceOptions,
): number | undefined {
  for (let at = align8(options.from); at < window.size; at += ZEROS.length) {
    const piece = window.bytes(at, Math.min(ZEROS.length, window.size - at))
    if (piece === undefined || isZero(piece)) continue
    // Copied, since looking at candidates moves the window.
    const found = findInPiece(window, { ...options, at, bytes: Buffer.from(piece) })
    if (found !== undefined) return found
  }
  return undefined
}

function findInPiece(
  window: SegmentWindow,
  piece: EvidenceOptions & { at: number; bytes: Buffer },
): number | undefined {
  const { at, bytes } = piece
  for (let index = bytes.indexOf(MAGIC); index >= 0; index = bytes.indexOf(MAGIC, index + 1)) {
    // Frames begin at multiples of 8, and so do pieces: no magic lies across two of them.
    if (index % 8 === 0 && provesDurable(window, at + index, piece)) return at + index
  }
  return undefined
}

function provesDurable(window: SegmentWindow, offset: number, options: EvidenceOptions): boolean {
  const head = window.bytes(offset, FRAME_HEADER_BYTES)
  if (head === undefined) return false
  const header = readFrameHeader(viewOf(head), 0)
  // Cheap tests first: a body may be full of words that look like a frame's first.
  if (header.magic !== FRAME_MAGIC || !(header.firstSequence >= options.sequence)) return false
  const covers = header.durable >= options.sequence
  const repeats = options.strictly !== true && header.firstSequence === options.sequence
  if (!covers && !repeats) return false
  return scanFrame(window, offset).kind === 'whole'
}
