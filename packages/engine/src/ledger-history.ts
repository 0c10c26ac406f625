/** Where the walks along an account's chain read: the book, and the ledger's rows. */
import type { Ledger, RecordCursor } from '@tallystick/ledger'

import type { Book } from './book.ts'
import type { HistoryAccount, HistorySource, SourceAhead } from './history/source.ts'
import { RecordAhead } from './record-ahead.ts'

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

  ahead(): SourceAhead | undefined {
    const { ahead } = this.#book.reader
    return ahead === undefined ? undefined : new RecordAhead(this.#book, ahead)
  }

  account(slot: number): HistoryAccount {
    return this.#ledger.read.standing(slot)
  }
}
