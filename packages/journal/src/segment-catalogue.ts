/**
 * Which segment holds which sequences, and each one's sparse index: loaded from its sidecar at first use, built again by
 * reading the segment when the sidecar is lost or damaged, and written when a segment is closed.
 */
import assert from 'node:assert/strict'

import { diskErrorCode } from './disk.ts'
import { frameBytes } from './limits.ts'
import type { FrameLocation } from './reader.ts'
import { verifyClosed } from './recovery.ts'
import type { SegmentFiles } from './segment-files.ts'
import { type SegmentHeader, sidecarName } from './segment-header.ts'
import { type SegmentEnd, SegmentIndex } from './segment-index.ts'
import { readHeader } from './segment-list.ts'

export class SegmentCatalogue {
  readonly #files: SegmentFiles
  readonly #headers: SegmentHeader[]
  readonly #indexes: (SegmentIndex | undefined)[] = []
  #writable = false

  constructor(files: SegmentFiles, headers: readonly SegmentHeader[]) {
    this.#files = files
    this.#headers = [...headers]
  }

  /** Number of segments; the newest has this number. */
  get newest(): number {
    return this.#headers.length
  }

  get firstSequence(): number | undefined {
    return this.#headers[0]?.firstSequence
  }

  /** From now on lost sidecars are written again. */
  allowWriting(): void {
    this.#writable = true
  }

  header(segment: number): SegmentHeader {
    const header = this.#headers[segment - 1]
    assert(header !== undefined)
    return header
  }

  /** Number of the segment that holds a sequence, or would: the last one that begins at or before it. */
  segmentOf(sequence: number): number {
    let low = 0
    let high = this.#headers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.header(middle + 1).firstSequence <= sequence) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes note of a frame that was found or written, in order; one in a new segment closes the one before. */
  add(frame: FrameLocation): void {
    if (frame.segment > this.newest) this.#begin(frame.segment)
    const index = (this.#indexes[frame.segment - 1] ??= new SegmentIndex())
    index.add(frame.firstSequence, frame.offset, frame.offset + frameBytes(frame.bodyBytes))
  }

  index(segment: number): SegmentIndex {
    return (this.#indexes[segment - 1] ??= this.#load(segment) ?? this.#rebuild(segment))
  }

  #begin(segment: number): void {
    assert(segment === this.newest + 1)
    const header = readHeader(this.#files, segment)
    assert(typeof header !== 'string')
    this.#headers.push(header)
    if (segment > 1) this.#writeSidecar(segment - 1)
  }

  #load(segment: number): SegmentIndex | undefined {
    const end = this.#end(segment)
    const bytes = this.#readSidecar(segment)
    return end && bytes && SegmentIndex.decode(bytes, end)
  }

  #rebuild(segment: number): SegmentIndex {
    const index = new SegmentIndex()
    // The newest segment was walked when the journal was opened; without frames it has no index yet.
    if (segment === this.newest) return index
    verifyClosed(this.#files, this.header(segment), this.header(segment + 1), (frame) => {
      index.add(frame.firstSequence, frame.offset, frame.offset + frameBytes(frame.bodyBytes))
    })
    this.#indexes[segment - 1] = index
    if (this.#writable) this.#writeSidecar(segment)
    return index
  }

  /** How a closed segment ends, told by the header of the one behind it. */
  #end(segment: number): SegmentEnd | undefined {
    if (segment >= this.newest) return undefined
    const { journalId, firstSequence } = this.header(segment)
    const next = this.header(segment + 1)
    return { journalId, firstSequence, nextSequence: next.firstSequence, chain: next.chain }
  }

  #sidecarPath(segment: number): string {
    return `${this.#files.directory}/${sidecarName(segment)}`
  }

  #readSidecar(segment: number): Buffer | undefined {
    const { disk } = this.#files
    try {
      const file = disk.open(this.#sidecarPath(segment), 'read')
      try {
        const bytes = Buffer.alloc(disk.size(file))
        return bytes.subarray(0, disk.pread(file, bytes, 0))
      } finally {
        disk.close(file)
      }
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** Not synced: a sidecar that a crash tears fails its checksum and is built again. */
  #writeSidecar(segment: number): void {
    const end = this.#end(segment)
    const index = this.#indexes[segment - 1]
    if (end === undefined || index === undefined) return
    const { disk } = this.#files
    try {
      const file = disk.open(this.#sidecarPath(segment), 'create')
      try {
        const bytes = index.encode(end)
        disk.pwrite(file, bytes, 0)
        disk.truncate(file, bytes.length)
      } finally {
        disk.close(file)
      }
    } catch {
      // Derived data: on a full disk, say, the journal does without until somebody needs it.
    }
  }
}
