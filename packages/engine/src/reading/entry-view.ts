/** Lists of entries as readers see them: the walk's entries with the names of their accounts. */
import { Memory, RecordCursor } from '@tallystick/ledger'

import type { EntryFilter, EntryList } from '../filters.ts'
import type { Entry } from '../history/queries.ts'
import type { EntryView } from '../views.ts'
import { balanceOf } from './account-view.ts'
import type { ReaderParts } from './book-reader.ts'
import type { TransferReader } from './transfer-view.ts'

export class EntryReader {
  readonly #parts: ReaderParts
  readonly #transfers: TransferReader
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(parts: ReaderParts, transfers: TransferReader) {
    this.#parts = parts
    this.#transfers = transfers
  }

  list(filter: EntryFilter): EntryList {
    const { account, by = 'ledger', kind = 'posted', newestFirst = true, ...rest } = filter
    const slot = this.#parts.ledger.read.findAccount(account)
    if (slot < 0) return { entries: [], next: undefined }
    const page = this.#parts.indexes.entries(slot, { ...rest, by, kind, newestFirst })
    return { entries: page.entries.map((entry) => this.#view(account, entry)), next: page.next }
  }

  #view(account: bigint, entry: Entry): EntryView {
    const { read } = this.#parts.ledger
    const { counterparty, ...rest } = entry
    const record = this.#parts.book.record(entry.sequence, this.#cursor)
    return {
      ...rest,
      account,
      asset: record.asset,
      pendingId: record.pendingId,
      balance: balanceOf(entry.balances),
      counterparty: read.accountId(counterparty),
      counterpartyAddress: read.addressOf(counterparty),
      metadata: this.#transfers.metadata(record),
    }
  }
}
