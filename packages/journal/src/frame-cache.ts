/** Headers and block tables of frames that were read recently, verified once. */
import { JournalCorrupt } from './errors.ts'
import { headerHolds, readFrameHeader, tableBytes } from './frame.ts'
import { align8, FRAME_HEADER_BYTES, frameBytes } from './limits.ts'
import type { FrameLocation } from './reader.ts'
import type { SegmentFiles } from './segment-files.ts'
import { viewOf } from './words.ts'

/** Enough for 17,000 frames of a large batch each, 140 million transfers. */
const TABLES_BYTES_MAX = 32 * 1024 * 1024

/** What an entry takes beside its table, about. */
const ENTRY_BYTES = 512

/** A frame whose header and block table are verified. */
export interface VerifiedFrame extends FrameLocation {
  readonly end: number
  readonly table: DataView
}

export class FrameCache {
  readonly #files: SegmentFiles
  readonly #frames = new Map<number, VerifiedFrame>()
  readonly #head = Buffer.alloc(FRAME_HEADER_BYTES)
  #bytes = 0

  constructor(files: SegmentFiles) {
    this.#files = files
  }

  /** A frame that is known; nothing is read. */
  find(segment: number, offset: number): VerifiedFrame | undefined {
    return this.#frames.get(placeKey(segment, offset))
  }

  get(segment: number, offset: number): VerifiedFrame {
    const key = placeKey(segment, offset)
    const known = this.#frames.get(key)
    if (known !== undefined) this.#frames.delete(key)
    const frame = known ?? this.#load(segment, offset)
    this.#frames.set(key, frame)
    if (known === undefined) this.#makeRoom(frame)
    return frame
  }

  #load(segment: number, offset: number): VerifiedFrame {
    const read = this.#files.pread(segment, this.#head, offset)
    const header = readFrameHeader(viewOf(this.#head), 0)
    const table = Buffer.alloc(read < FRAME_HEADER_BYTES ? 0 : tableBytes(header.bodyBytes))
    const bodyOffset = offset + FRAME_HEADER_BYTES
    const readTable = this.#files.pread(segment, table, bodyOffset + align8(header.bodyBytes))
    if (read < FRAME_HEADER_BYTES || readTable < table.length || !headerHolds(this.#head, table)) {
      const file = this.#files.path(segment)
      throw new JournalCorrupt({
        file,
        offset,
        reason: "the frame's header or block table is broken",
      })
    }
    const { firstSequence, count, bodyBytes } = header
    const end = offset + frameBytes(bodyBytes)
    return {
      segment,
      offset,
      firstSequence,
      count,
      bodyOffset,
      bodyBytes,
      end,
      table: viewOf(table),
    }
  }

  #makeRoom(added: VerifiedFrame): void {
    this.#bytes += ENTRY_BYTES + added.table.byteLength
    for (const [key, frame] of this.#frames) {
      if (this.#bytes <= TABLES_BYTES_MAX || frame === added) return
      this.#frames.delete(key)
      this.#bytes -= ENTRY_BYTES + frame.table.byteLength
    }
  }
}

/** One number for a place: segments and offsets (multiples of 8) stay far below 2^17 and 2^36 words. */
export function placeKey(segment: number, offset: number): number {
  return segment * 2 ** 36 + offset / 8
}
