/** A ledger with its book in memory, for the tests of reading its history: plays commands and follows what they cause. */
import {
  type Command,
  Ledger,
  LimitStatus,
  Memory,
  Operation,
  packBatch,
  type Recall,
  RECORD_BYTES_MAX,
  RecordCursor,
} from '@tallystick/ledger'

import type { Books } from './balance-at.ts'
import { LateEntries } from './late-entries.ts'
import { LimitChanges } from './limit-changes.ts'
import type { HistoryAccount, HistorySource } from './source.ts'

interface Place {
  readonly memory: Memory
  readonly offset: number
  readonly timestamp: bigint
}

/** Releases that one batch of a test may cause. */
const RELEASES_MAX = 64

export class PlayedBook implements HistorySource, Recall {
  readonly ledger: Ledger
  readonly books: Books
  /** Records read. */
  reads = 0
  readonly #places: Place[] = []
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(entriesMax?: number) {
    const oldIds = { empty: true, largest: -1, transfer: () => 0, touch: () => 0 }
    this.ledger = new Ledger({ recall: this, oldIds, releasesPerBatchMax: RELEASES_MAX })
    this.books = { source: this, late: new LateEntries(entriesMax), limits: new LimitChanges() }
  }

  get lastSequence(): number {
    return this.#places.length
  }

  load(): void {}

  read(sequence: number, cursor: RecordCursor): void {
    const place = this.#places[sequence - 1]
    if (place === undefined) throw new Error(`there is no record ${sequence}`)
    this.reads++
    cursor.at(place.memory, place.offset, sequence, place.timestamp)
  }

  sequenceAt(at: bigint): number {
    const index = this.#places.findLastIndex(({ timestamp }) => timestamp <= at)
    return index + 1
  }

  account(slot: number): HistoryAccount {
    return this.ledger.read.account(slot)
  }

  /** Decides commands at a time; what is refused is in the book, too. */
  apply(commands: readonly Command[], proposed: bigint): void {
    const { ledger } = this
    const packed = packBatch(commands)
    const events = commands.length + RELEASES_MAX
    const memory = Memory.allocate(1024 + events * RECORD_BYTES_MAX + packed.dataLength * 2)
    const offsets = new Uint32Array(events)
    const group = ledger.open({ memory, start: 0, offsets, proposed })
    ledger.resolve(packed)
    ledger.apply(packed)
    ledger.seal()
    for (let index = 0; index < group.count; index++) {
      const timestamp = group.firstTimestamp + BigInt(index)
      this.#places.push({ memory, offset: group.recordAt(index), timestamp })
      this.#follow(this.#places.length)
    }
  }

  /** What the engine has to tell the indexes of history about an event. */
  #follow(sequence: number): void {
    const record = this.#cursor
    this.read(sequence, record)
    const { late, limits } = this.books
    if (record.kind === Operation.changeLimit && record.status === LimitStatus.changed) {
      if ((record.form & 1) !== 0) limits.add(record.slot, sequence)
    }
    if (!record.moved) return
    if (record.late('debit')) late.add(record, 'debit', this)
    if (record.late('credit')) late.add(record, 'credit', this)
  }
}
