/**
 * One account's chain of entries, read backwards: each link names the entry before and one further back
 * (docs/decisions/0002, ruling 22), so that any place is O(log n) records away from the newest.
 */
import { Memory, MovedField, readSafe, RecordCursor, SideField } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { Direction } from './balances.ts'
import type { HistoryAccount, HistorySource } from './source.ts'

/** Where an entry lies. */
export interface Place {
  readonly number: number
  readonly sequence: number
}

/** Where a cursor points that has not been anywhere: memory of its own costs more than a short walk. */
const NOWHERE = Memory.allocate(8)
/** A walk that says which record it loads next, so that whoever drives it can bring the record near first. */
export type Steps<Result> = Generator<number, Result, void>

/** Takes all steps at once. */
export function walked<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

export const NO_PLACE: Place = { number: 0, sequence: 0 }

export class Chain {
  readonly account: HistoryAccount
  readonly slot: number
  /** Points at the entry that was loaded last. */
  readonly record = new RecordCursor(NOWHERE)
  /** Records read so far. */
  reads = 0
  readonly #source: HistorySource

  constructor(source: HistorySource, slot: number) {
    this.#source = source
    this.slot = slot
    this.account = source.account(slot)
  }

  /** The newest entry; number 0 = there is none. */
  get newest(): Place {
    return { number: Number(this.account.entryCount), sequence: this.account.newestSequence }
  }

  load(sequence: number): RecordCursor {
    this.#source.read(sequence, this.record)
    this.reads++
    const { debitSlot, creditSlot } = this.record
    assert(debitSlot === this.slot || creditSlot === this.slot, 'a link leads to its account')
    return this.record
  }

  /** Of the entry that was loaded, like everything below. */
  get direction(): Direction {
    return this.record.debitSlot === this.slot ? 'debit' : 'credit'
  }
  get number(): number {
    return this.#field(SideField.number)
  }
  /** Sequence of the entry before; 0 = it is the first. */
  get previous(): number {
    return this.#field(SideField.previous)
  }
  /** Sequence of entry `jumpOf(number)`; 0 = none. */
  get jump(): number {
    return this.#field(SideField.jump)
  }
  get place(): Place {
    return { number: this.number, sequence: this.record.sequence }
  }
  #field(field: number): number {
    const { memory, offset, debitSlot } = this.record
    const side = debitSlot === this.slot ? MovedField.debitSide : MovedField.creditSide
    return readSafe(memory, offset + side + field)
  }

  /** Sequence of the newest entry with a sequence of at most `most`; 0 = none. */
  newestUpTo(most: number): number {
    return walked(this.stepsUpTo(most))
  }

  /** The same a record at a time: yields the sequence that is loaded next. */
  *stepsUpTo(most: number): Steps<number> {
    let at = this.account.newestSequence
    while (at > most) {
      yield at
      this.load(at)
      at = this.jump > most ? this.jump : this.previous
    }
    return at
  }

  /** Sequence of entry `number`, coming from a later entry or that one itself. */
  sequenceOf(number: number, from = this.newest): number {
    return walked(this.stepsTo(number, from))
  }

  /** The same a record at a time: yields the sequence that is loaded next. */
  *stepsTo(number: number, from: Place): Steps<number> {
    assert(number >= 1 && number <= from.number, 'the entry is not behind where the walk begins')
    let at = from
    while (at.number > number) {
      yield at.sequence
      this.load(at.sequence)
      const jump = jumpOf(at.number)
      at =
        jump >= number
          ? { number: jump, sequence: this.jump }
          : { number: at.number - 1, sequence: this.previous }
    }
    return at.sequence
  }

  /**
   * The newest entry for which `tooNew` is false, with its record loaded. `tooNew` looks at the loaded entry, and is true for
   * all entries behind the first for which it is.
   */
  newestBefore(tooNew: () => boolean): Place {
    let at = this.account.newestSequence
    if (at === 0) return NO_PLACE
    this.load(at)
    // The loaded entry is too new as long as the loop goes on.
    while (tooNew()) {
      const { previous, jump } = this
      if (previous === 0) return NO_PLACE
      if (jump !== 0 && jump !== previous) {
        this.load(jump)
        if (tooNew()) continue
      }
      at = previous
      this.load(at)
    }
    return this.place
  }
}

/** Number of the entry that entry `number` (≥ 1) jumps to: what is left without its last skew-binary digit. */
export function jumpOf(number: number): number {
  let rest = number
  let weight = 0
  while (rest > 0) {
    weight = 2 ** Math.floor(Math.log2(rest + 1)) - 1
    rest -= weight
  }
  return number - weight
}
