/** Reads the book by sequence: finds frames, serves verified parts of them, streams them for replay. */
import { crc32 } from 'node:zlib'

import { BlockCache } from './block-cache.ts'
import { JournalCorrupt } from './errors.ts'
import { FRAME_MAGIC, blockLength, readFrameHeader } from './frame.ts'
import { FrameCache, placeKey, type VerifiedFrame } from './frame-cache.ts'
import { FrameWalk, isFrame } from './frame-walk.ts'
import { BLOCK_BYTES, FRAME_HEADER_BYTES, frameBytes, INDEX_SPACING_BYTES } from './limits.ts'
import { ReadAhead } from './read-ahead.ts'
import type { Frame, FrameLocation, JournalReader } from './reader.ts'
import { checkLink } from './recovery.ts'
import type { SegmentCatalogue } from './segment-catalogue.ts'
import type { SegmentFiles } from './segment-files.ts'
import { SegmentWindow } from './segment-window.ts'
import { viewOf } from './words.ts'

const CACHE_BYTES = 16 * 1024 * 1024

export class FrameReader implements JournalReader {
  readonly firstSequence: number
  readonly ahead: ReadAhead | undefined
  readonly #files: SegmentFiles
  readonly #catalogue: SegmentCatalogue
  readonly #frames: FrameCache
  readonly #cacheBytes: number
  /** Made at the first read: a journal that is only replayed needs none. */
  #blockCache: BlockCache | undefined
  readonly #span = Buffer.alloc(INDEX_SPACING_BYTES)
  #lastSequence: number
  #recent: VerifiedFrame | undefined

  constructor(options: {
    files: SegmentFiles
    catalogue: SegmentCatalogue
    firstSequence: number
    lastSequence: number
    cacheBytes: number | undefined
  }) {
    this.#files = options.files
    this.#catalogue = options.catalogue
    this.#frames = new FrameCache(options.files)
    this.#cacheBytes = options.cacheBytes ?? CACHE_BYTES
    this.firstSequence = options.firstSequence
    this.#lastSequence = options.lastSequence
    this.ahead = options.files.canFetch
      ? new ReadAhead(options.files, options.catalogue, () => this.#lastSequence + 1)
      : undefined
  }

  get lastSequence(): number {
    return this.#lastSequence
  }

  /** A frame became durable. */
  add(frame: FrameLocation): void {
    this.#catalogue.add(frame)
    this.#lastSequence = frame.firstSequence + frame.count - 1
  }

  frameAt(sequence: number): FrameLocation {
    const recent = this.#recent
    if (recent !== undefined && holds(recent, sequence)) return recent
    this.#checkRange(sequence)
    const { segment, point, isKnown } = this.#pointOf(sequence)
    const offset = isKnown ? point : this.#hop(segment, point, sequence)
    const frame = this.#frames.get(segment, offset)
    if (!holds(frame, sequence)) throw this.#corrupt(segment, frame.offset, 'sequences are missing')
    this.#recent = frame
    return frame
  }

  knows(sequence: number): boolean {
    return this.#pointOf(sequence).isKnown
  }

  /** A large frame has a point of the index to itself: when it is known, nothing has to be read. */
  #pointOf(sequence: number): { segment: number; point: number; isKnown: boolean } {
    const segment = this.#catalogue.segmentOf(sequence)
    const point = this.#catalogue.index(segment).find(sequence)
    const known = this.#frames.find(segment, point)
    return { segment, point, isKnown: known !== undefined && holds(known, sequence) }
  }

  readBody(
    frame: FrameLocation,
    offset: number,
    length: number,
    target: Buffer = Buffer.allocUnsafe(length),
  ): Buffer {
    if (offset < 0 || length < 0 || offset + length > frame.bodyBytes) {
      throw new RangeError(`${offset} + ${length} is outside of a body of ${frame.bodyBytes} bytes`)
    }
    const end = offset + length
    for (let at = offset; at < end;) {
      const index = Math.floor(at / BLOCK_BYTES)
      const blockEnd = Math.min(end, (index + 1) * BLOCK_BYTES)
      const block = this.#block(frame, index) - index * BLOCK_BYTES
      this.#blocks.slab.copy(target, at - offset, block + at, block + blockEnd)
      at = blockEnd
    }
    return target.length === length ? target : target.subarray(0, length)
  }

  *frames(from = this.firstSequence, to = this.#lastSequence): IterableIterator<Frame> {
    if (from > to) return
    this.#checkRange(from)
    this.#checkRange(to)
    const first = this.frameAt(from)
    const last = this.#catalogue.segmentOf(to)
    let next: Omit<FrameWalk['position'], 'offset'> & { offset?: number } = {
      offset: first.offset,
      sequence: first.firstSequence,
      chain: undefined,
    }
    for (let segment = first.segment; segment <= last; segment++) {
      const walk = new FrameWalk(new SegmentWindow(this.#files, segment), next)
      while (walk.position.sequence <= to) {
        const step = walk.next()
        if (isFrame(step)) {
          yield step
          continue
        }
        if (step.kind === 'broken') throw walk.corrupt(step.reason, step.at)
        if (segment === last) throw walk.corrupt('no frame begins here')
        checkLink(walk, this.#catalogue.header(segment + 1))
        break
      }
      next = { sequence: walk.position.sequence, chain: walk.position.chain }
    }
  }

  close(): void {
    this.#files.close()
  }

  get #blocks(): BlockCache {
    return (this.#blockCache ??= new BlockCache(this.#cacheBytes))
  }

  #checkRange(sequence: number): void {
    if (sequence >= this.firstSequence && sequence <= this.#lastSequence) return
    throw new RangeError(`${sequence} is not in ${this.firstSequence} … ${this.#lastSequence}`)
  }

  /** Hops from header to header up to the frame that should hold a sequence; what it finds is verified by its reader. */
  #hop(segment: number, start: number, sequence: number): number {
    const view = viewOf(this.#span)
    // Of a large frame the header is enough, and its reader wants the block behind it; only small ones are hopped over in long spans.
    let span = this.#span.subarray(0, FRAME_HEADER_BYTES + BLOCK_BYTES)
    let spanStart = start
    let spanEnd = start
    for (let offset = start; ;) {
      if (offset + FRAME_HEADER_BYTES > spanEnd) {
        spanStart = offset
        spanEnd = offset + this.#files.pread(segment, span, offset)
        span = this.#span
      }
      if (offset + FRAME_HEADER_BYTES > spanEnd)
        throw this.#corrupt(segment, offset, 'a frame is missing')
      const header = readFrameHeader(view, offset - spanStart)
      if (header.magic !== FRAME_MAGIC) throw this.#corrupt(segment, offset, 'no frame begins here')
      if (sequence < header.firstSequence + header.count) return offset
      offset += frameBytes(header.bodyBytes)
    }
  }

  /** Where a verified block lies in the cache. */
  #block(frame: FrameLocation, index: number): number {
    const offset = frame.bodyOffset + index * BLOCK_BYTES
    const key = placeKey(frame.segment, offset)
    const found = this.#blocks.find(key)
    if (found >= 0) return found
    const { table, bodyBytes } = this.#frames.get(frame.segment, frame.offset)
    const slot = this.#blocks.claim()
    const target = this.#blocks.slab.subarray(slot, slot + blockLength(bodyBytes, index))
    const read = this.#files.pread(frame.segment, target, offset)
    if (read < target.length || crc32(target) !== table.getUint32(4 * index, true)) {
      throw this.#corrupt(
        frame.segment,
        offset,
        `block ${index} of the frame at ${frame.offset} is broken`,
      )
    }
    this.#blocks.keep(key)
    return slot
  }

  #corrupt(segment: number, offset: number, reason: string): JournalCorrupt {
    return new JournalCorrupt({ file: this.#files.path(segment), offset, reason })
  }
}

function holds(frame: FrameLocation, sequence: number): boolean {
  return sequence >= frame.firstSequence && sequence < frame.firstSequence + frame.count
}
