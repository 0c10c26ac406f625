/** A segment read front to back in large pieces: bytes at any offset, cheap when offsets ascend. */
import type { SegmentFiles } from './segment-files.ts'

const WINDOW_BYTES = 8 * 1024 * 1024

export class SegmentWindow {
  readonly files: SegmentFiles
  readonly segment: number
  readonly #limit: number
  #size: number
  #buffer: Buffer
  #start = 0
  #end = 0

  /** Reads nothing at or beyond `limit`. */
  constructor(files: SegmentFiles, segment: number, limit = Number.POSITIVE_INFINITY) {
    this.files = files
    this.segment = segment
    this.#limit = limit
    this.#size = Math.min(limit, files.size(segment))
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, this.#size))
  }

  /** Length of the file. */
  get size(): number {
    return this.#size
  }

  /** Forgets what was read, since another process may have written in the meantime. */
  refresh(): void {
    this.#size = Math.min(this.#limit, this.files.size(this.segment))
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
    if (length > before.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(length, Math.min(WINDOW_BYTES, this.#size)))
    }
    if (known > 0) before.copy(this.#buffer, 0, from, from + known)
    const wanted = Math.min(this.#buffer.length, this.#size - offset)
    const target = this.#buffer.subarray(known, wanted)
    this.#start = offset
    this.#end = offset + known + this.files.pread(this.segment, target, offset + known)
  }
}
