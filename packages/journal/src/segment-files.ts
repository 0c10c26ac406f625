/** The segments' files as readers have them open: a bounded number of handles, the least recently used closed first. */
import type { Disk, FileHandle } from './disk.ts'
import { segmentName } from './segment-header.ts'

const OPEN_FILES_MAX = 128

/** 4 KiB from the system's cache take 0.002 to 0.01 ms; from a disk, even one that its host caches, 0.05 and more. */
const SLOW_READ_MS = 0.03

export class SegmentFiles {
  readonly disk: Disk
  readonly directory: string
  /** Reads so far that took as long as a disk does. */
  slowReads = 0
  readonly #open = new Map<number, FileHandle>()
  #isClosed = false

  constructor(disk: Disk, directory: string) {
    this.disk = disk
    this.directory = directory
  }

  path(segment: number): string {
    return `${this.directory}/${segmentName(segment)}`
  }

  /** An open handle; valid until the next call. */
  handle(segment: number): FileHandle {
    const open = this.#open.get(segment)
    // Moved to the end: a Map keeps the order of insertion, so its first key is the least recently used.
    if (open !== undefined) this.#open.delete(segment)
    const handle = open ?? this.disk.open(this.path(segment), 'read')
    this.#open.set(segment, handle)
    if (this.#open.size > OPEN_FILES_MAX) this.#closeOldest()
    return handle
  }

  size(segment: number): number {
    return this.disk.size(this.handle(segment))
  }

  pread(segment: number, target: Uint8Array, offset: number): number {
    const handle = this.handle(segment)
    if (!this.canFetch) return this.disk.pread(handle, target, offset)
    const begun = performance.now()
    const read = this.disk.pread(handle, target, offset)
    if (performance.now() - begun >= SLOW_READ_MS) this.slowReads++
    return read
  }

  /** Whether `fetch` does anything. */
  get canFetch(): boolean {
    return this.disk.fetch !== undefined
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  async fetch(segment: number, offset: number, length: number): Promise<void> {
    await this.disk.fetch?.(this.handle(segment), offset, length)
  }

  /** Removes a segment that holds nothing, and its handle with it: another file will take its name. */
  remove(segment: number): void {
    const handle = this.#open.get(segment)
    if (handle !== undefined) this.disk.close(handle)
    this.#open.delete(segment)
    this.disk.unlink(this.path(segment))
  }

  close(): void {
    this.#isClosed = true
    for (const handle of this.#open.values()) this.disk.close(handle)
    this.#open.clear()
  }

  #closeOldest(): void {
    for (const [segment, handle] of this.#open) {
      this.#open.delete(segment)
      this.disk.close(handle)
      return
    }
  }
}
