/** Lists of entries as readers see them: the walk's entries with the names of their accounts. */
import type { EntryFilter, EntryList } from '../filters.ts'
import type { Entry, EntryQuery } from '../history/queries.ts'
import type { EntryView } from '../views.ts'
import { balanceOf } from './account-view.ts'
import type { ReaderParts } from './book-reader.ts'
import type { TransferReader } from './transfer-view.ts'

export class EntryReader {
  readonly #parts: ReaderParts
  readonly #transfers: TransferReader

  constructor(parts: ReaderParts, transfers: TransferReader) {
    this.#parts = parts
    this.#transfers = transfers
  }

  list(filter: EntryFilter): EntryList {
    const { account } = filter
    const slot = this.#parts.ledger.read.findAccount(account)
    if (slot < 0) return { entries: [], next: undefined }
    const page = this.#parts.indexes.entries(slot, queryOf(filter))
    return { entries: page.entries.map((entry) => this.#view(account, entry)), next: page.next }
  }

  ahead(filter: EntryFilter): Promise<void> | undefined {
    const slot = this.#parts.ledger.read.findAccount(filter.account)
    return slot < 0 ? undefined : this.#parts.indexes.entriesAhead(slot, queryOf(filter))
  }

  #view(account: bigint, entry: Entry): EntryView {
    const { read } = this.#parts.ledger
    const { counterparty, metadata, metadataFrom, ...rest } = entry
    return {
      ...rest,
      account,
      balance: balanceOf(entry.balances),
      counterparty: read.accountId(counterparty),
      counterpartyAddress: read.addressOf(counterparty),
      metadata: metadataFrom === 0 ? metadata : this.#transfers.metadataOf(metadataFrom),
    }
  }
}

function queryOf(filter: EntryFilter): EntryQuery {
  const { account: _account, by = 'ledger', kind = 'posted', newestFirst = true, ...rest } = filter
  return { ...rest, by, kind, newestFirst }
}
