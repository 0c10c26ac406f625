/**
 * Writes groups behind the tail: seal, roll to a new segment when needed, write, sync. The only caller of fdatasync on
 * frames. One exists on each side of the thread; who may use his is told by `SharedTail`.
 */
import assert from 'node:assert/strict'

import { JournalFailed } from './errors.ts'
import { sealFrame } from './frame.ts'
import type { Group } from './group.ts'
import { frameBytes, SEGMENT_HEADER_BYTES } from './limits.ts'
import { Reservation, type ReservationOptions } from './reservation.ts'
import { encodeSegmentHeader } from './segment-header.ts'
import type { SharedTail } from './shared-tail.ts'

export interface AppenderOptions extends ReservationOptions {
  readonly journalId: Uint8Array
  readonly shard: number
}

export class Appender {
  readonly #options: AppenderOptions
  readonly #tail: SharedTail
  readonly #groups: readonly Group[]
  readonly #reservation: Reservation

  constructor(options: AppenderOptions, tail: SharedTail, groups: readonly Group[]) {
    this.#options = options
    this.#tail = tail
    this.#groups = groups
    this.#reservation = new Reservation(options, tail)
  }

  /** Makes a group durable. Whatever it throws is final: nobody knows what is on disk then. */
  append(index: number): void {
    const tail = this.#tail
    const group = this.#groups[index]
    assert(group !== undefined)
    const firstSequence = tail.groupFirstSequence(index)
    const count = tail.groupCount(index)
    const bodyBytes = tail.groupBodyBytes(index)
    const length = frameBytes(bodyBytes)
    if (tail.offset + length > this.#options.segmentBytes) this.#roll(firstSequence)
    this.#reservation.extendTo(tail.offset + length)
    const { durable, chain } = tail
    const checksum = sealFrame(group.bytes, group.view, {
      firstSequence,
      count,
      bodyBytes,
      chain,
      durable,
    })
    this.#write(tail.file, group.bytes.subarray(0, length), tail.offset)
    // Sync before telling anybody: an answer is a promise that survives a loss of power.
    this.#options.disk.fdatasync(tail.file)
    tail.setPlace(index, tail.segment, tail.offset)
    tail.chain = checksum
    tail.offset += length
    tail.toldDurable = durable
    tail.durable = firstSequence + count - 1
  }

  /** Reserves space for the groups to come, and cuts a segment that was left. */
  prepare(): void {
    this.#cutLeft()
    this.#reservation.fill()
  }

  /** One step of `prepare` beyond the necessary; false when no more is wanted. */
  prepareMore(): boolean {
    return this.#reservation.fillSpare()
  }

  /** Whether `prepare` has something to do. */
  get wantsPreparation(): boolean {
    return this.#tail.leftFile >= 0 || this.#reservation.isLow
  }

  /** Tells the room that is left, when nothing is under way that was counted before. */
  settleRoom(): void {
    this.#tail.room = this.#reservation.room()
  }

  /** Takes the prepared segment into use. Its header becomes durable with its first frame, in one sync. */
  #roll(firstSequence: number): void {
    const tail = this.#tail
    this.#cutLeft()
    this.#reservation.prepareNext()
    const number = tail.segment + 1
    const { journalId, shard } = this.#options
    const header = encodeSegmentHeader({
      journalId,
      shard,
      firstSequence,
      number,
      chain: tail.chain,
    })
    this.#write(tail.nextFile, header, 0)
    tail.leftFile = tail.file
    tail.leftEnd = tail.offset
    tail.segment = number
    tail.offset = SEGMENT_HEADER_BYTES
    tail.file = tail.nextFile
    tail.reservedEnd = Math.max(SEGMENT_HEADER_BYTES, tail.nextReservedEnd)
    tail.nextFile = -1
    tail.nextReservedEnd = 0
  }

  #cutLeft(): void {
    const { leftFile, leftEnd } = this.#tail
    if (leftFile < 0) return
    this.#tail.leftFile = -1
    this.#options.disk.truncate(leftFile, leftEnd)
    this.#options.disk.close(leftFile)
  }

  #write(file: number, bytes: Uint8Array, position: number): void {
    const written = this.#options.disk.pwrite(file, bytes, position)
    if (written === bytes.length) return
    throw new JournalFailed(`wrote ${written} of ${bytes.length} bytes`)
  }
}
