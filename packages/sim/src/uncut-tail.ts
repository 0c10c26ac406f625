/**
 * A planted bug: the torn tail that recovery finds is not cut. The journal is made to write behind it, as it would if it
 * took the end of the file's data for the end of its frames.
 */
import type { FileHandle } from '@tallystick/journal'

import { PassingDisk } from './passing-disk.ts'

interface Torn {
  /** Where the whole frames end. */
  readonly at: number
  /** Length of what lies there. */
  readonly bytes: number
}

export class UncutTail extends PassingDisk {
  readonly #torn = new Map<string, Torn>()
  readonly #cut = new Set<string>()

  override truncate(file: FileHandle, size: number): void {
    const path = this.paths.get(file) ?? ''
    if (this.isSegment(file) && !this.#cut.has(path)) {
      this.#cut.add(path)
      const bytes = this.#tornBytes(file, size)
      if (bytes > 0) this.#torn.set(path, { at: size, bytes })
    }
    super.truncate(file, this.#moved(file, size))
  }

  override pread(file: FileHandle, target: Uint8Array, position: number): number {
    const torn = this.#torn.get(this.paths.get(file) ?? '')
    if (torn === undefined || position + target.length <= torn.at) {
      return super.pread(file, target, position)
    }
    const before = Math.max(0, torn.at - position)
    if (before > 0) super.pread(file, target.subarray(0, before), position)
    const rest = target.subarray(before)
    return before + super.pread(file, rest, position + before + torn.bytes)
  }

  override pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    return super.pwrite(file, source, this.#moved(file, position))
  }

  override size(file: FileHandle): number {
    return super.size(file) - (this.#torn.get(this.paths.get(file) ?? '')?.bytes ?? 0)
  }

  #moved(file: FileHandle, position: number): number {
    const torn = this.#torn.get(this.paths.get(file) ?? '')
    return torn === undefined || position < torn.at ? position : position + torn.bytes
  }

  /** Up to the last byte that is not zero, as a multiple of 8. */
  #tornBytes(file: FileHandle, from: number): number {
    const tail = Buffer.alloc(Math.max(0, super.size(file) - from))
    super.pread(file, tail, from)
    const end = tail.findLastIndex((byte) => byte !== 0) + 1
    return Math.ceil(end / 8) * 8
  }
}
