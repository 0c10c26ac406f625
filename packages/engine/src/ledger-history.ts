/** Where the walks along an account's chain read: the book, and the ledger's rows. */
import type { Ledger, RecordCursor } from '@tallystick/ledger'

import type { Book } from './book.ts'
import type { HistoryAccount, HistorySource } from './history/source.ts'

export class LedgerHistory implements HistorySource {
  readonly #ledger: Ledger
  readonly #book: Book

  constructor(ledger: Ledger, book: Book) {
    this.#ledger = ledger
    this.#book = book
  }

  read(sequence: number, cursor: RecordCursor): void {
    this.#book.record(sequence, cursor)
  }

  sequenceAt(at: bigint): number {
    return this.#book.sequenceAt(at)
  }

  account(slot: number): HistoryAccount {
    return this.#ledger.read.standing(slot)
  }
}
