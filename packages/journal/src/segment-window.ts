/** A segment read front to back in large pieces: bytes at any offset, cheap when offsets ascend. */
import type { SegmentFiles } from './segment-files.ts'

/** Pieces double up to the larger size: a look at one frame reads little, a replay reads in large pieces. */
const PIECE_BYTES_MIN = 128 * 1024
const PIECE_BYTES_MAX = 8 * 1024 * 1024

export class SegmentWindow {
  readonly files: SegmentFiles
  readonly segment: number
  #size: number
  #buffer = Buffer.alloc(0)
  #piece = PIECE_BYTES_MIN
  #start = 0
  #end = 0

  constructor(files: SegmentFiles, segment: number) {
    this.files = files
    this.segment = segment
    this.#size = files.size(segment)
  }

  /** Length of the file. */
  get size(): number {
    return this.#size
  }

  /** Forgets what was read, since another process may have written in the meantime. */
  refresh(): void {
    this.#size = this.files.size(this.segment)
    this.#end = this.#start
  }

  /** Bytes of the file, valid until the next call; undefined when the file ends before. */
  bytes(offset: number, length: number): Buffer | undefined {
    if (offset + length > this.#size) return undefined
    if (offset < this.#start || offset + length > this.#end) this.#load(offset, length)
    if (offset + length > this.#end) return undefined
    return this.#buffer.subarray(offset - this.#start, offset - this.#start + length)
  }

  /** Puts `offset` at the beginning of the window; what the window had of it already is moved, not read again. */
  #load(offset: number, length: number): void {
    const before = this.#buffer
    const known = offset >= this.#start ? Math.max(0, this.#end - offset) : 0
    const from = offset - this.#start
    const wanted = Math.min(Math.max(length, this.#piece), this.#size - offset)
    this.#piece = Math.min(PIECE_BYTES_MAX, 2 * this.#piece)
    if (wanted > before.length) this.#buffer = Buffer.allocUnsafeSlow(wanted)
    if (known > 0) before.copy(this.#buffer, 0, from, from + known)
    const target = this.#buffer.subarray(known, wanted)
    this.#start = offset
    this.#end = offset + known + this.files.pread(this.segment, target, offset + known)
  }
}
