/**
 * Holds the sealed runs against the book: every block whole and in order, and exactly the ids that the book has. Opens nothing for
 * writing, so that it works beside the process that owns the directory.
 */
import type { Disk } from '@tallystick/journal'
import {
  burnsId,
  Operation,
  type RecordCursor,
  RecordField,
  type TransferStatus,
} from '@tallystick/ledger'

import { hashed, hashKey } from '../ids/key-hash.ts'
import { readManifest } from '../ids/manifest.ts'
import { compareKeys, EntryKind, Rows } from '../ids/rows.ts'
import { Run } from '../ids/run.ts'
import { DamagedRun, Family, runName } from '../ids/run-format.ts'
import { coveredThrough } from '../ids/run-places.ts'
import { RunStream } from '../ids/run-stream.ts'
import type { Problems } from './report.ts'

/** Two sums that are equal for equal sets of entries, whatever their order, and nearly never for others. */
class Sums {
  count = 0
  #a = 0
  #b = 0
  readonly #mixed = new Uint32Array(4)

  /** The entry at u32 index `at`: four words of key, two of value. */
  add(words: Uint32Array, at: number): void {
    hashKey(words, at, 1)
    this.#mixed.set(hashed)
    this.#mixed[2] = words[at + 4] ?? 0
    this.#mixed[3] = words[at + 5] ?? 0
    hashKey(this.#mixed, 0, 2)
    this.#a = (this.#a + (hashed[0] ?? 0)) >>> 0
    this.#b = (this.#b + (hashed[1] ?? 0)) >>> 0
    this.count++
  }

  equals(other: Sums): boolean {
    return this.count === other.count && this.#a === other.#a && this.#b === other.#b
  }
}

export class SealedCheck {
  readonly #disk: Disk
  readonly #directory: string
  readonly #problems: Problems
  readonly #manifest: ReturnType<typeof readManifest>
  readonly #through: number
  readonly #book = new Sums()
  readonly #row = new Rows(1)

  constructor(disk: Disk, directory: string, problems: Problems) {
    this.#disk = disk
    this.#directory = directory
    this.#problems = problems
    this.#manifest = readManifest(disk, directory)
    this.#through = coveredThrough(this.#manifest?.runs ?? [])
  }

  /** An event of the book. */
  event(record: RecordCursor): void {
    if (record.sequence > this.#through || record.kind !== Operation.createTransfer) return
    const status = record.status as TransferStatus
    if (status !== 0 && !burnsId(status)) return
    const kind = status === 0 ? EntryKind.transfer : EntryKind.burnt
    const id = (record.offset + RecordField.id) >>> 2
    this.#row.count = 0
    this.#row.add(record.memory.u32, id, kind, record.sequence)
    this.#book.add(this.#row.words, 0)
  }

  /** Reads all runs, when all events were told. @param reached newest event that was. */
  finish(reached: number): void {
    if (reached < this.#through) {
      return this.#problems.add('ids', undefined, 'the sealed runs know more than the book')
    }
    const runs = new Sums()
    for (const run of this.#manifest?.runs ?? []) {
      if (run.blocks === 0) continue
      const path = `${this.#directory}/${runName(run)}`
      try {
        this.#read(path, run.blocks, run.family === Family.ids ? runs : undefined)
      } catch (error) {
        if (!(error instanceof DamagedRun)) throw error
        return this.#problems.add('ids', undefined, error.message)
      }
    }
    if (!runs.equals(this.#book)) {
      const text = `the sealed runs have other ids than the book: ${runs.count} and ${this.#book.count}`
      this.#problems.add('ids', undefined, text)
    }
  }

  #read(path: string, blocks: number, sums: Sums | undefined): void {
    // Header and index are checked by opening it.
    Run.open(this.#disk, path).close()
    const stream = new RunStream(this.#disk, path, blocks)
    const before = new Uint32Array(4)
    try {
      for (; !stream.done; stream.next()) {
        if (compareKeys(stream.words, stream.at, before, 0) < 0) {
          throw new DamagedRun(path, 'its entries are not in order')
        }
        before.set(stream.words.subarray(stream.at, stream.at + 4))
        sums?.add(stream.words, stream.at)
      }
    } finally {
      stream.close()
    }
  }
}
