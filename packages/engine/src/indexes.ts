/** The indexes over the book that live in memory: addresses, back-dated entries, changes of accounts and their limits. All of it can be made again. */
import type { Ledger, RecordCursor } from '@tallystick/ledger'

import { AddressIndex } from './addresses/address-index.ts'
import { Totals } from './addresses/totals.ts'
import type { Book } from './book.ts'
import { LedgerAddresses } from './ledger-addresses.ts'
import { LedgerHistory } from './ledger-history.ts'
import type { TotalsFilter } from './filters.ts'
import type { Follower } from './followers.ts'
import { balanceAfter, balanceAt } from './history/balance-at.ts'
import { entries, entriesAhead } from './history/entries.ts'
import { LateEntries } from './history/late-entries.ts'
import { LimitChanges } from './history/limit-changes.ts'
import { SlotSequences } from './history/slot-sequences.ts'
import type { EntryPage, EntryQuery, PastBalance, TimeOrder } from './history/queries.ts'
import type { IndexBytes } from './snapshots/index-pieces.ts'

/** What a snapshot kept of them, by number. */
export type SavedIndexes = ReadonlyMap<number, Uint8Array>

const LATE = 1
const LIMITS = 2
const ADDRESSES = 3
const CHANGES = 4
const CONTROLS = 5
/** All of them stand under one slot. */
const ALL = 0

const NOTHING = new Uint8Array(0)

export class Indexes implements Follower {
  readonly #source: LedgerHistory
  readonly #addressSource: LedgerAddresses
  readonly #late: LateEntries
  readonly #limits: LimitChanges
  readonly #changes: SlotSequences
  readonly #controls: SlotSequences
  readonly #addresses: AddressIndex

  /** @param ledger as the snapshot has it. @param saved may know more than the snapshot: that is left out. */
  constructor(ledger: Ledger, book: Book, saved: SavedIndexes | undefined) {
    this.#source = new LedgerHistory(ledger, book)
    this.#addressSource = new LedgerAddresses(ledger.read)
    const through = ledger.lastSequence
    const late = saved?.get(LATE)
    this.#late = late === undefined ? new LateEntries() : LateEntries.load(late, through)
    this.#limits = LimitChanges.load(saved?.get(LIMITS) ?? NOTHING, through)
    this.#changes = SlotSequences.load(saved?.get(CHANGES) ?? NOTHING, through)
    this.#controls = SlotSequences.load(saved?.get(CONTROLS) ?? NOTHING, through)
    this.#addresses = AddressIndex.load(
      this.#addressSource,
      saved?.get(ADDRESSES) ?? NOTHING,
      ledger.read.accountCount,
    )
  }

  save(): readonly IndexBytes[] {
    return [
      [LATE, this.#late.save()],
      [LIMITS, [this.#limits.save()]],
      [ADDRESSES, this.#addresses.save()],
      [CHANGES, [this.#changes.save()]],
      [CONTROLS, [this.#controls.save()]],
    ]
  }

  opened(slot: number): void {
    this.#addresses.add(slot)
  }

  late(record: RecordCursor, side: 'debit' | 'credit'): void {
    this.#late.add(record, side, this.#source)
  }

  limited(slot: number, sequence: number): void {
    this.#limits.add(slot, sequence)
  }

  changed(slot: number, sequence: number): void {
    this.#changes.add(slot, sequence)
  }

  controlled(sequence: number): void {
    this.#controls.add(ALL, sequence)
  }

  /** Sequences of all control commands, newest first. */
  get controls(): Generator<number> {
    return this.#controls.newestFirst(ALL)
  }

  /** Sequences of the events that changed an account's settings, its state or its books, newest first. */
  changesOf(slot: number): Generator<number> {
    return this.#changes.newestFirst(slot)
  }

  /** @throws TooManyLateEntries by effective time. */
  balanceAt(slot: number, at: bigint, by: TimeOrder): PastBalance {
    return balanceAt(this.#books, slot, { at, by })
  }

  /** Of an account that was open then. */
  balanceAfter(slot: number, sequence: number): PastBalance {
    return balanceAfter(this.#books, slot, sequence)
  }

  /** @throws TooManyLateEntries by effective time. */
  entries(slot: number, query: EntryQuery): EntryPage {
    return entries(this.#books, slot, query)
  }

  /** Reads ahead what `entries` will need. Undefined: nothing has to be waited for. */
  entriesAhead(slot: number, query: EntryQuery): Promise<void> | undefined {
    return entriesAhead(this.#books, slot, query)
  }

  /** Slots of the accounts under `prefix`, in order of address, behind that of slot `after`. */
  prefix(prefix: string, after: number | undefined): Generator<number> {
    return this.#addresses.slots(prefix, after)
  }

  /** Accounts under a prefix. */
  countOf(prefix: string): number {
    return this.#addresses.countOf(prefix)
  }

  /** Sums that are made step by step. @throws TooManyGroups. */
  totals(filter: TotalsFilter): Totals {
    return new Totals(this.#addresses, this.#addressSource, filter)
  }

  /** Something to do in an idle moment. False: nothing is left to do. */
  tidy(): boolean {
    return this.#addresses.work(TIDY_ACCOUNTS)
  }

  get #books() {
    return { source: this.#source, late: this.#late, limits: this.#limits }
  }
}

/** Accounts of a waiting merge that one idle moment takes on. */
const TIDY_ACCOUNTS = 4_096
