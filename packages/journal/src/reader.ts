/** The contract of reading the book: frames by sequence, parts of bodies, and streams for replay. */

import type { ReadAhead } from './read-ahead.ts'

/** Where a frame lies. */
export interface FrameLocation {
  /** Number of the segment, from 1. */
  readonly segment: number
  /** Offset of the frame's header in the segment. */
  readonly offset: number
  readonly firstSequence: number
  /** Number of events; 0 for a mark. */
  readonly count: number
  /** Offset of the body in the segment. */
  readonly bodyOffset: number
  readonly bodyBytes: number
}

/** A verified frame of a stream. `body` is only valid until the next one is asked for. */
export interface Frame extends FrameLocation {
  readonly body: Buffer
  /** Newest sequence that was known to be durable when the frame was written. */
  readonly durable: number
  readonly checksum: number
}

export interface ReaderOptions {
  /** Memory for blocks that were verified recently; default 16 MiB. */
  readonly cacheBytes?: number
}

/**
 * Reads durable frames. Bytes that fail their checksum are never served: `JournalCorrupt` with file
 * and offset is thrown.
 */
export interface JournalReader {
  /** First sequence of the journal; `lastSequence + 1` when it is empty. */
  readonly firstSequence: number
  /** The newest sequence that can be read: grows as the writer's groups become durable. */
  readonly lastSequence: number
  /** The frame that holds a sequence; throws RangeError outside of first … last. */
  frameAt(sequence: number): FrameLocation
  /**
   * Bytes of a frame's body; only the 4 KiB blocks that they touch are read and checked. With `target`
   * they are copied to its beginning and returned as a part of it.
   */
  readBody(frame: FrameLocation, offset: number, length: number, target?: Buffer): Buffer
  /**
   * Every frame from the one that holds `from` (default: first) to the one that holds `to` (default: last), in order, read
   * in large pieces and verified with the chain between them. Memory is bounded by the largest frame.
   */
  frames(from?: number, to?: number): IterableIterator<Frame>
  /** Whether a frame's header is in memory, verified. */
  knows(sequence: number): boolean
  /** Undefined: the disk has nothing slow about it. */
  readonly ahead: ReadAhead | undefined
  close(): void
}
