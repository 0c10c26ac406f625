/**
 * Sparse index of one segment: the first frame after each 64 KiB. Kept in memory while the segment grows, and in a
 * sidecar file once it is closed, so that a restart need not read a segment to find a frame in it:
 *
 *     0 `TALLYIX1` · 8 CRC-32 of bytes 12 … end · 12 version · 16 journal id · 32 first sequence · 40 next sequence
 *     48 end of the last frame · 56 its checksum · 60 number of points · 64 points: sequence u64, offset u64
 */
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'

import { INDEX_SPACING_BYTES, SEGMENT_HEADER_BYTES } from './limits.ts'
import type { Stretch } from './read-ahead.ts'
import { readU64, viewOf, writeU64 } from './words.ts'

const MAGIC = Buffer.from('TALLYIX1', 'latin1')
const VERSION = 1
const HEADER_BYTES = 64
const POINT_BYTES = 16

const POINTS_AT_FIRST = 256

/** What closes a segment, and what a sidecar must agree with. */
export interface SegmentEnd {
  readonly journalId: Uint8Array
  readonly firstSequence: number
  readonly nextSequence: number
  readonly chain: number
}

export class SegmentIndex {
  #sequences = new Float64Array(POINTS_AT_FIRST)
  #offsets = new Float64Array(POINTS_AT_FIRST)
  #count = 0
  #nextPoint = SEGMENT_HEADER_BYTES
  #end = SEGMENT_HEADER_BYTES

  /** Offset behind the last frame. */
  get end(): number {
    return this.#end
  }

  /** Takes note of a frame; in order of offsets. */
  add(firstSequence: number, offset: number, end: number): void {
    assert(offset >= this.#end)
    this.#end = end
    if (offset >= this.#nextPoint) this.#addPoint(firstSequence, offset)
  }

  /** Offset of a frame at or shortly before the one that holds a sequence. */
  find(sequence: number): number {
    return this.#offsets[this.#pointOf(sequence)] ?? SEGMENT_HEADER_BYTES
  }

  /** What lies from that offset to the next point. @param nextSequence the one behind the segment's last. */
  stretchOf(sequence: number, nextSequence: number): Omit<Stretch, 'segment'> {
    const point = this.#pointOf(sequence)
    const isLast = point + 1 >= this.#count
    return {
      offset: this.#offsets[point] ?? SEGMENT_HEADER_BYTES,
      end: isLast ? this.#end : (this.#offsets[point + 1] ?? 0),
      firstSequence: this.#sequences[point] ?? sequence,
      nextSequence: isLast ? nextSequence : (this.#sequences[point + 1] ?? 0),
    }
  }

  /** The last point at or before a sequence; -1: none is. */
  #pointOf(sequence: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sequences[middle] ?? 0) <= sequence) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  encode(end: SegmentEnd): Buffer {
    const bytes = Buffer.alloc(HEADER_BYTES + this.#count * POINT_BYTES)
    const view = viewOf(bytes)
    MAGIC.copy(bytes)
    view.setUint32(12, VERSION, true)
    bytes.set(end.journalId, 16)
    writeU64(view, 32, end.firstSequence)
    writeU64(view, 40, end.nextSequence)
    writeU64(view, 48, this.#end)
    view.setUint32(56, end.chain, true)
    view.setUint32(60, this.#count, true)
    for (let point = 0; point < this.#count; point++) {
      const at = HEADER_BYTES + point * POINT_BYTES
      writeU64(view, at, this.#sequences[point] ?? 0)
      writeU64(view, at + 8, this.#offsets[point] ?? 0)
    }
    view.setUint32(8, crc32(bytes.subarray(12)), true)
    return bytes
  }

  /** Reads a sidecar; undefined when it is damaged or of another segment, and so has to be built again. */
  static decode(bytes: Buffer, expected: SegmentEnd): SegmentIndex | undefined {
    if (bytes.length < HEADER_BYTES) return undefined
    const view = viewOf(bytes)
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
    if (view.getUint32(8, true) !== crc32(bytes.subarray(12))) return undefined
    if (view.getUint32(12, true) !== VERSION) return undefined
    if (!bytes.subarray(16, 32).equals(expected.journalId)) return undefined
    if (readU64(view, 32) !== expected.firstSequence) return undefined
    if (readU64(view, 40) !== expected.nextSequence) return undefined
    if (view.getUint32(56, true) !== expected.chain) return undefined
    const count = view.getUint32(60, true)
    if (bytes.length !== HEADER_BYTES + count * POINT_BYTES) return undefined
    const index = new SegmentIndex()
    for (let at = HEADER_BYTES; at < bytes.length; at += POINT_BYTES) {
      index.#addPoint(readU64(view, at), readU64(view, at + 8))
    }
    index.#end = readU64(view, 48)
    return index
  }

  #addPoint(sequence: number, offset: number): void {
    if (this.#count === this.#sequences.length) {
      this.#sequences = grown(this.#sequences)
      this.#offsets = grown(this.#offsets)
    }
    this.#sequences[this.#count] = sequence
    this.#offsets[this.#count] = offset
    this.#count++
    this.#nextPoint = offset + INDEX_SPACING_BYTES
  }
}

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * column.length)
  longer.set(column)
  return longer
}
