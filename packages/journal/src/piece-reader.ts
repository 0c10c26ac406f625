/**
 * Reads a journal as pieces of its files: runs of whole, verified frames, byte for byte, with the segment's header in front of the
 * first. Follows a journal that another process writes; the files are opened anew for each piece, since that process may replace
 * one that it had only prepared.
 */
import { type Disk, diskErrorCode } from './disk.ts'
import { JournalRefused } from './errors.ts'
import { findLaterFrame } from './evidence.ts'
import { FrameWalk, isFrame } from './frame-walk.ts'
import { frameBytes, SEGMENT_HEADER_BYTES } from './limits.ts'
import type { Frame } from './reader.ts'
import { checkLink } from './recovery.ts'
import { SegmentFiles } from './segment-files.ts'
import { FORMAT_VERSION, type SegmentHeader } from './segment-header.ts'
import { readHeader } from './segment-list.ts'
import { SegmentWindow } from './segment-window.ts'

/** A place between two frames; offset 0 is before the segment's header. */
export interface PiecePosition {
  /** From 1. */
  readonly segment: number
  readonly offset: number
  /** That the next frame begins with. */
  readonly sequence: number
  /** Checksum of the frame before; 0 before the first. */
  readonly chain: number
}

/** A part of one segment: its header, if it begins there, and at least one frame. */
export interface Piece {
  readonly from: PiecePosition
  readonly to: PiecePosition
  readonly bytes: Buffer
  /** Nothing was there behind it when it was read. */
  readonly isNewest: boolean
}

export interface PieceReaderOptions {
  readonly disk: Disk
  /** Of the segments. */
  readonly directory: string
  readonly shard: number
}

/** Piece bytes as they are gathered. */
interface Gathered {
  readonly parts: Buffer[]
  bytes: number
  frames: number
  /** There was another frame, but no room for it. */
  isFull: boolean
}

export class PieceReader {
  readonly #options: PieceReaderOptions
  readonly journalId: Buffer
  /** Where the next piece begins. May be set to any place where a piece began or ended. */
  position: PiecePosition

  /** @throws JournalRefused when no journal was begun in the directory, or one of another version or shard. */
  constructor(options: PieceReaderOptions) {
    this.#options = options
    const header = this.#withFiles((files) => existingHeader(files, 1))
    const file = `${options.directory}/0000000001.book`
    if (header === undefined) throw new JournalRefused({ file, reason: 'no journal begins here' })
    this.journalId = header.journalId
    this.#check(header, file)
    this.position = { segment: 1, offset: 0, sequence: header.firstSequence, chain: 0 }
  }

  /**
   * The next frames that are there, as many as fit into `bytesMax` and at least one; undefined when there is none yet. They are
   * durable: the file is synced before they are given out. @param onFrame told of each frame; its body is valid during the call.
   * @throws JournalCorrupt when what is there cannot be the book.
   */
  next(bytesMax: number, onFrame: (frame: Frame) => void = () => {}): Piece | undefined {
    return this.#withFiles((files) => {
      const piece = this.#read(files, bytesMax, onFrame)
      if (piece !== undefined || !this.#enterNext(files)) return piece
      return this.#read(files, bytesMax, onFrame)
    })
  }

  #withFiles<Result>(use: (files: SegmentFiles) => Result): Result {
    const files = new SegmentFiles(this.#options.disk, this.#options.directory)
    try {
      return use(files)
    } finally {
      files.close()
    }
  }

  #read(files: SegmentFiles, bytesMax: number, onFrame: (frame: Frame) => void): Piece | undefined {
    const from = this.position
    const { segment, sequence, chain } = from
    const gathered: Gathered = { parts: [], bytes: 0, frames: 0, isFull: false }
    if (from.offset === 0 && !this.#readHeader(files, gathered)) return undefined
    const offset = from.offset + gathered.bytes
    const walk = new FrameWalk(new SegmentWindow(files, segment), { offset, sequence, chain })
    gatherFrames(walk, gathered, { bytesMax, onFrame })
    if (gathered.frames === 0) return undefined
    files.disk.fdatasync(files.handle(segment))
    this.position = { segment, ...walk.position, chain: walk.position.chain ?? 0 }
    const isNewest = !gathered.isFull && existingHeader(files, segment + 1) === undefined
    const bytes = Buffer.concat(gathered.parts, gathered.bytes)
    return { from, to: this.position, bytes, isNewest }
  }

  #readHeader(files: SegmentFiles, gathered: Gathered): boolean {
    const { segment, sequence, chain } = this.position
    const header = existingHeader(files, segment)
    if (header === undefined) return false
    this.#check(header, files.path(segment))
    const walk = new FrameWalk(new SegmentWindow(files, segment), { offset: 0, sequence, chain })
    if (header.firstSequence !== sequence || header.chain !== chain) checkLink(walk, header)
    const bytes = walk.window.bytes(0, SEGMENT_HEADER_BYTES)
    if (bytes === undefined) return false
    gathered.parts.push(Buffer.from(bytes))
    gathered.bytes += bytes.length
    return true
  }

  /** Whether the segment has ended and the next one is begun; the position is at its beginning then. */
  #enterNext(files: SegmentFiles): boolean {
    const { segment, offset, sequence, chain } = this.position
    if (offset === 0) return false
    const header = existingHeader(files, segment + 1)
    if (header === undefined) return false
    this.#check(header, files.path(segment + 1))
    // All frames of this segment were durable before the next was begun: there may be some that were not there a moment ago.
    const walk = new FrameWalk(new SegmentWindow(files, segment), { offset, sequence, chain })
    if (isFrame(walk.next())) return true
    checkLink(walk, header)
    this.position = { segment: segment + 1, offset: 0, sequence, chain }
    return true
  }

  #check(header: SegmentHeader, file: string): void {
    const { version, shard, journalId } = header
    const refuse = (reason: string): JournalRefused => new JournalRefused({ file, reason })
    if (version !== FORMAT_VERSION) {
      throw refuse(`format version ${version}; this program knows ${FORMAT_VERSION} only`)
    }
    if (shard !== this.#options.shard) throw refuse(`it belongs to shard ${shard}`)
    if (!journalId.equals(this.journalId)) throw refuse('it belongs to another journal')
  }
}

function existingHeader(files: SegmentFiles, segment: number): SegmentHeader | undefined {
  try {
    const header = readHeader(files, segment)
    return typeof header === 'string' ? undefined : header
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function gatherFrames(
  walk: FrameWalk,
  gathered: Gathered,
  options: { bytesMax: number; onFrame: (frame: Frame) => void },
): void {
  for (;;) {
    const before = { ...walk.position }
    const step = walk.next()
    if (!isFrame(step)) {
      if (step.kind === 'broken' && !becameWhole(walk, step.end)) return
      if (step.kind === 'broken') continue
      return
    }
    const length = frameBytes(step.bodyBytes)
    if (gathered.bytes + length > options.bytesMax && gathered.frames > 0) {
      Object.assign(walk.position, before)
      gathered.isFull = true
      return
    }
    const bytes = walk.window.bytes(step.offset, length)
    if (bytes === undefined) throw walk.corrupt('the frame cannot be read whole', step.offset)
    gathered.parts.push(Buffer.from(bytes))
    gathered.bytes += length
    gathered.frames++
    options.onFrame(step)
  }
}

/**
 * Whether a broken frame is whole now: it may have been in the middle of being written. If it is not, and something behind it was
 * written after it was durable, it is corrupt.
 */
function becameWhole(walk: FrameWalk, end: number | undefined): boolean {
  const from = end ?? walk.position.offset + 8
  const later = findLaterFrame(walk.window, { from, sequence: walk.position.sequence })
  if (later === undefined) return false
  const before = { ...walk.position }
  walk.window.refresh()
  const step = walk.next()
  Object.assign(walk.position, before)
  if (isFrame(step)) return true
  throw walk.corrupt(`a broken frame, but the frame at ${later} was written after it was durable`)
}
