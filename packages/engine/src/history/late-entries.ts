/**
 * Back-dated entries: those with a value date before one that their account's chain already had. The chain answers for all
 * others, so that a history without back-dated entries costs nothing here.
 */
import { Memory, MovedField, readSafe, RecordCursor, SideField } from '@tallystick/ledger'

import type { Direction } from './balances.ts'
import { balancesBefore, changeOf } from './entry-of.ts'
import { type LateEntry, LateLog } from './late-log.ts'
import { LateRun } from './late-run.ts'
import { LATE_ENTRIES_MAX, LATE_LIST_MAX } from './limits.ts'
import { SlotLinks } from './slot-links.ts'
import type { HistorySource } from './source.ts'

/** An account has late entries beyond the limit of all: it cannot be asked by effective time. */
export class TooManyLateEntries extends Error {
  override readonly name = 'TooManyLateEntries'
}

export class LateEntries {
  readonly #log = new LateLog()
  readonly #links = new SlotLinks()
  /** Accounts with so many late entries that they are kept in order. */
  readonly #runs = new Map<number, LateRun>()
  /** How many late entries an account has, up to `LATE_LIST_MAX`. */
  readonly #few = new Map<number, number>()
  /** Accounts whose late entries are not all known. */
  readonly #incomplete = new Set<number>()
  readonly #entriesMax: number
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(entriesMax = LATE_ENTRIES_MAX) {
    this.#entriesMax = entriesMax
  }

  get count(): number {
    return this.#log.count
  }

  /** An entry for which `record.late(side)`. In order of sequence; the records before it must be readable. */
  add(record: RecordCursor, side: Direction, source: HistorySource): void {
    const at = record.offset + (side === 'debit' ? MovedField.debitSide : MovedField.creditSide)
    const slot = side === 'debit' ? record.debitSlot : record.creditSlot
    const previous = readSafe(record.memory, at + SideField.previous)
    this.#add({
      slot,
      sequence: record.sequence,
      number: readSafe(record.memory, at + SideField.number),
      effectiveAt: record.effectiveAt,
      change: changeOf(record, side, () =>
        balancesBefore(source, { slot, previous }, this.#cursor),
      ),
    })
  }

  #add(entry: LateEntry): void {
    const { slot } = entry
    if (this.#log.count >= this.#entriesMax || this.#incomplete.has(slot)) {
      this.#incomplete.add(slot)
      return
    }
    const row = this.#log.add(entry)
    this.#links.add(slot)
    const run = this.#runs.get(slot)
    if (run !== undefined) return run.add(row)
    const count = (this.#few.get(slot) ?? 0) + 1
    this.#few.set(slot, count)
    if (count <= LATE_LIST_MAX) return
    this.#runs.set(slot, this.#gather(slot))
    this.#few.delete(slot)
  }

  /** The account's late entries in order; undefined: it has none. @throws TooManyLateEntries */
  of(slot: number): LateRun | undefined {
    if (this.#incomplete.has(slot)) {
      throw new TooManyLateEntries(
        'the account has too many back-dated entries to be read by effective time',
      )
    }
    if (!this.#links.has(slot)) return undefined
    return this.#runs.get(slot) ?? this.#gather(slot)
  }

  get log(): LateLog {
    return this.#log
  }

  #gather(slot: number): LateRun {
    const run = new LateRun(this.#log)
    for (const row of [...this.#links.rows(slot)].reverse()) run.add(row)
    return run
  }

  /** Everything as bytes, in pieces. */
  *save(): Generator<Uint8Array> {
    const incomplete = Float64Array.from([this.#incomplete.size, ...this.#incomplete])
    yield new Uint8Array(incomplete.buffer)
    yield* this.#log.save()
  }

  /** @param bytes what `save` gave, in one piece. @param throughSequence later entries are left out: they will be told again. */
  static load(
    bytes: Uint8Array,
    throughSequence = Number.POSITIVE_INFINITY,
    entriesMax = LATE_ENTRIES_MAX,
  ): LateEntries {
    const late = new LateEntries(entriesMax)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const incomplete = view.getFloat64(0, true)
    const start = 8 + incomplete * 8
    for (const entry of LateLog.entries(bytes.subarray(start))) {
      if (entry.sequence <= throughSequence) late.#add(entry)
    }
    for (let i = 0; i < incomplete; i++) late.#incomplete.add(view.getFloat64(8 + i * 8, true))
    return late
  }
}
