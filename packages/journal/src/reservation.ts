/**
 * Space ahead of the tail: zero-filled, so that a group that was accepted can be written, and so that its sync has no file
 * size or block list to write (10 times as fast for large frames; docs/decisions/0003-journal-writes.md).
 */
import assert from 'node:assert/strict'

import { isOutOfSpace, type Disk, type FileHandle } from './disk.ts'
import { RESERVE_SPARE_BYTES, RESERVE_STEP_BYTES, SEGMENT_HEADER_BYTES } from './limits.ts'
import { segmentName } from './segment-header.ts'
import type { SharedTail } from './shared-tail.ts'
import { ZEROS } from './zeros.ts'

export interface ReservationOptions {
  readonly disk: Disk
  readonly directory: string
  readonly segmentBytes: number
  /** The longest frame. */
  readonly groupBytes: number
  readonly groups: number
}

export class Reservation {
  readonly #options: ReservationOptions
  readonly #tail: SharedTail

  constructor(options: ReservationOptions, tail: SharedTail) {
    this.#options = options
    this.#tail = tail
    assert(options.segmentBytes >= SEGMENT_HEADER_BYTES + this.#aheadBytes)
  }

  /** Enough for all groups at their longest and for one that was written since: a caller never waits for space. */
  get #aheadBytes(): number {
    return (this.#options.groups + 1) * this.#options.groupBytes
  }

  get isLow(): boolean {
    return this.room() < this.#aheadBytes
  }

  /**
   * Bytes of frames that are sure to fit behind the tail, whatever their lengths. A frame that does not fit into the newest
   * segment goes to the next with all that follow, so up to one frame's length at the end of the newest may stay unused.
   */
  room(): number {
    const { segmentBytes, groupBytes } = this.#options
    const here = this.#tail.reservedEnd - this.#tail.offset
    if (this.#tail.reservedEnd < segmentBytes) return here
    const next = Math.max(0, this.#tail.nextReservedEnd - SEGMENT_HEADER_BYTES)
    return Math.max(here, next + Math.max(0, here - groupBytes))
  }

  /** Reserves until there is room for all groups, or until the disk is full. Throws anything else. */
  fill(): void {
    while (this.isLow) {
      if (!this.#step()) break
    }
    this.#tail.room = this.room()
  }

  /** One step beyond the necessary; false when there is enough, or the disk is full. */
  fillSpare(): boolean {
    if (this.room() >= this.#aheadBytes + RESERVE_SPARE_BYTES) return false
    const filled = this.#step()
    this.#tail.room = this.room()
    return filled
  }

  /** Makes room for one frame of `length` in the newest segment; throws ENOSPC when there is none. */
  extendTo(end: number): void {
    const tail = this.#tail
    while (tail.reservedEnd < end) {
      const before = tail.reservedEnd
      const error = this.#extend()
      if (tail.reservedEnd === before) throw error
    }
  }

  /** Opens the next segment's file and its first reserved bytes, unless that was done before. */
  prepareNext(): void {
    if (this.#tail.nextFile >= 0) return
    const { disk, directory } = this.#options
    const path = `${directory}/${segmentName(this.#tail.segment + 1)}`
    this.#tail.nextFile = disk.open(path, 'create')
    this.#tail.nextReservedEnd = 0
    disk.truncate(this.#tail.nextFile, 0)
    disk.syncDirectory(directory)
  }

  /** One step in the newest segment or, when that is reserved to its end, in the next; false when the disk is full. */
  #step(): boolean {
    const tail = this.#tail
    const before = tail.reservedEnd + tail.nextReservedEnd
    try {
      const error =
        tail.reservedEnd < this.#options.segmentBytes ? this.#extend() : this.#extendNext()
      return error === undefined && tail.reservedEnd + tail.nextReservedEnd > before
    } catch (error) {
      if (isOutOfSpace(error)) return false
      throw error
    }
  }

  #extend(): unknown {
    const { reservedEnd, file } = this.#tail
    const end = Math.min(this.#options.segmentBytes, reservedEnd + RESERVE_STEP_BYTES)
    const filled = this.#zeroFill(file, reservedEnd, end)
    this.#tail.reservedEnd = filled.end
    return filled.error
  }

  #extendNext(): unknown {
    this.prepareNext()
    const { nextReservedEnd, nextFile } = this.#tail
    const end = Math.min(this.#options.segmentBytes, nextReservedEnd + RESERVE_STEP_BYTES)
    const filled = this.#zeroFill(nextFile, nextReservedEnd, end)
    this.#tail.nextReservedEnd = filled.end
    return filled.error
  }

  /** Fills and syncs; a full disk is told beside the end that was reached, since part of it may have been filled. */
  #zeroFill(file: FileHandle, start: number, goal: number): { end: number; error: unknown } {
    const { disk } = this.#options
    let end = start
    let error: unknown
    try {
      while (end < goal) {
        end += disk.pwrite(file, ZEROS.subarray(0, Math.min(ZEROS.length, goal - end)), end)
      }
    } catch (thrown) {
      if (!isOutOfSpace(thrown)) throw thrown
      error = thrown
    }
    if (end > start) disk.fdatasync(file)
    return { end, error }
  }
}
