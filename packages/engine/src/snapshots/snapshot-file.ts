/** Writes one snapshot file beside the others, and renames it when it is whole and synced. */
import { crc32 } from 'node:zlib'

import type { Disk, FileHandle } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { SNAPSHOT_PAGE_BYTES, SNAPSHOTS_KEPT, SNAPSHOT_SYNC_EVERY_BYTES } from '../limits.ts'
import {
  encodeSnapshotHeader,
  indexPosition,
  pagePosition,
  SNAPSHOT_HEADER_BYTES,
  SNAPSHOT_PART_SUFFIX,
  snapshotName,
  snapshotSequence,
  tablePosition,
} from './snapshot-format.ts'

/** What is known when a snapshot begins. Structured-clonable: it crosses threads. */
export interface SnapshotPlan {
  readonly journalId: Uint8Array
  readonly sequence: number
  readonly pages: number
  readonly head: Uint8Array
}

export class SnapshotFile {
  readonly #disk: Disk
  readonly #directory: string
  readonly #plan: SnapshotPlan
  readonly #file: FileHandle
  readonly #path: string
  readonly #table: Buffer
  #page = 0
  #indexBytes = 0
  #indexCrc = 0
  #unsynced = 0

  constructor(disk: Disk, directory: string, plan: SnapshotPlan) {
    this.#disk = disk
    this.#directory = directory
    this.#plan = plan
    this.#table = Buffer.alloc(plan.pages * 4)
    this.#path = `${directory}/${snapshotName(plan.sequence)}${SNAPSHOT_PART_SUFFIX}`
    disk.makeDirectory(directory)
    this.#file = disk.open(this.#path, 'create')
    disk.truncate(this.#file, 0)
    this.#write(plan.head, SNAPSHOT_HEADER_BYTES)
  }

  /** The next pages, in order. */
  pages(bytes: Uint8Array): void {
    this.#write(bytes, pagePosition(this.#lengths, this.#page))
    for (let at = 0; at < bytes.length; at += SNAPSHOT_PAGE_BYTES) {
      const crc = crc32(bytes.subarray(at, at + SNAPSHOT_PAGE_BYTES))
      this.#table.writeUInt32LE(crc, this.#page++ * 4)
    }
  }

  /** The next bytes of the indexes, when all pages are there. */
  indexes(bytes: Uint8Array): void {
    this.#write(bytes, indexPosition(this.#lengths) + this.#indexBytes)
    this.#indexCrc = crc32(bytes, this.#indexCrc)
    this.#indexBytes += bytes.length
  }

  /** Everything is there: publishes the file, and lets go of the oldest. */
  finish(): void {
    const { journalId, sequence, pages, head } = this.#plan
    assert(this.#page === pages, 'a snapshot has all its pages')
    if (pages > 0) this.#write(this.#table, tablePosition(this.#lengths))
    const header = encodeSnapshotHeader({
      ...{ journalId, sequence, ...this.#lengths },
      ...{ indexBytes: this.#indexBytes, indexCrc: this.#indexCrc },
      headCrc: crc32(head),
      tableCrc: crc32(this.#table),
    })
    this.#write(header, 0)
    this.#disk.fdatasync(this.#file)
    this.#disk.close(this.#file)
    this.#disk.rename(this.#path, `${this.#directory}/${snapshotName(sequence)}`)
    this.#disk.syncDirectory(this.#directory)
    this.#dropOldest()
  }

  /** Gives up: the part that was written is removed. */
  abandon(): void {
    this.#disk.close(this.#file)
    this.#disk.unlink(this.#path)
  }

  get #lengths(): { headBytes: number; pages: number } {
    return { headBytes: this.#plan.head.length, pages: this.#plan.pages }
  }

  #dropOldest(): void {
    const names = this.#disk
      .readdir(this.#directory)
      .filter((name) => snapshotSequence(name) !== undefined)
    for (const name of names.sort().reverse().slice(SNAPSHOTS_KEPT)) {
      this.#disk.unlink(`${this.#directory}/${name}`)
    }
  }

  #write(bytes: Uint8Array, position: number): void {
    const written = this.#disk.pwrite(this.#file, bytes, position)
    if (written !== bytes.length) throw new Error(`${this.#path}: short write`)
    // In portions, so that one sync at the end does not hold up the journal's for long.
    this.#unsynced += bytes.length
    if (this.#unsynced < SNAPSHOT_SYNC_EVERY_BYTES) return
    this.#disk.fdatasync(this.#file)
    this.#unsynced = 0
  }
}
