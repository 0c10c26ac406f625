/** What follows from a decided event besides the ledger's own state: the address index and the back-dated entries. */
import { MovedForm, Operation, RecordCursor } from '@tallystick/ledger'

import type { OpenFrame } from './book.ts'

/** Told of every event of a kind, in order of sequence, when it is decided and again at restart. */
export interface Follower {
  /** An account was opened. */
  opened(slot: number): void
  /** An entry came later than its value date's place in the account's history. */
  late(record: RecordCursor, side: 'debit' | 'credit'): void
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
      const moved = kind === Operation.createTransfer || kind === Operation.releaseHold
      if (u8[at + 1] !== 0) continue
      if (moved ? ((u16[(at + 2) >>> 1] ?? 0) & LATE) === 0 : kind !== Operation.createAccount) {
        continue
      }
      this.#cursor ??= new RecordCursor(group.memory)
      const timestamp = group.firstTimestamp + BigInt(index)
      this.event(this.#cursor.at(group.memory, at, group.firstSequence + index, timestamp))
    }
  }

  event(record: RecordCursor): void {
    if (record.kind === Operation.createAccount) {
      if (record.status === 0) this.#follower.opened(record.slot)
      return
    }
    if (!record.moved) return
    if (record.late('debit')) this.#follower.late(record, 'debit')
    if (record.late('credit')) this.#follower.late(record, 'credit')
  }
}
