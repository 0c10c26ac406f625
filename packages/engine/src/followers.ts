/** What follows from a decided event besides the ledger's own state: the address index and the back-dated entries. */
import {
  LIMIT_GIVEN,
  MovedForm,
  NO_SLOT,
  Operation,
  RecordCursor,
  RecordField,
} from '@tallystick/ledger'

import type { OpenFrame } from './book.ts'

/** Told of every event of a kind, in order of sequence, when it is decided and again at restart. */
export interface Follower {
  /** An account was opened. */
  opened(slot: number): void
  /** An entry came later than its value date's place in the account's history. */
  late(record: RecordCursor, side: 'debit' | 'credit'): void
  /** An account's limit was changed. */
  limited(slot: number, sequence: number): void
  /** An account was changed in any way but by money: limits, metadata, closing, reopening, its books. */
  changed(slot: number, sequence: number): void
  /** Rights were to be changed, whether it was accepted or not, or refused attempts were noted. */
  controlled(sequence: number): void
}

const LATE = MovedForm.lateDebit | MovedForm.lateCredit

export class Followers {
  readonly #follower: Follower
  #cursor: RecordCursor | undefined

  constructor(follower: Follower) {
    this.#follower = follower
  }

  /** Events `first` … `end − 1` of the open group are decided. */
  follow(group: OpenFrame, first: number, end: number): void {
    const { u8, u16 } = group.memory
    for (let index = first; index < end; index++) {
      const at = group.recordAt(index)
      const kind = u8[at]
      if (u8[at + RecordField.status] !== 0 && kind !== Operation.control) continue
      const isMoved = kind === Operation.createTransfer || kind === Operation.releaseHold
      if (isMoved && ((u16[(at + RecordField.form) >>> 1] ?? 0) & LATE) === 0) continue
      this.#cursor ??= new RecordCursor(group.memory)
      const timestamp = group.firstTimestamp + BigInt(index)
      this.event(this.#cursor.at(group.memory, at, group.firstSequence + index, timestamp))
    }
  }

  event(record: RecordCursor): void {
    if (record.kind === Operation.control) return this.#follower.controlled(record.sequence)
    if (record.status !== 0) return
    if (record.moved) {
      if (record.late('debit')) this.#follower.late(record, 'debit')
      if (record.late('credit')) this.#follower.late(record, 'credit')
    } else if (record.kind === Operation.createAccount) {
      this.#follower.opened(record.slot)
    } else if (isAccountChange(record)) {
      this.#follower.changed(record.slot, record.sequence)
      if (record.kind !== Operation.changeLimit || (record.form & LIMIT_GIVEN) === 0) return
      this.#follower.limited(record.slot, record.sequence)
    }
  }
}

/** Whether a record changes an account that was there: not its balances, and not the books of an asset. */
export function isAccountChange(record: RecordCursor): boolean {
  const { kind } = record
  if (kind === Operation.closeBooks) return record.slot !== NO_SLOT
  return kind >= Operation.changeLimit && kind <= Operation.reopenAccount
}
