/** The synchronous reader: accounts from the ledger's memory, everything else from the book. */
import { type Ledger, Memory, RecordCursor, writeU128 } from '@tallystick/ledger'

import { TooManyGroups } from '../addresses/totals.ts'
import type { Book } from '../book.ts'
import type { BookBody } from '../book-body.ts'
import type { RequestIndex } from '../decider.ts'
import { EngineError } from '../errors.ts'
import { RequestFinder } from '../frame-requests.ts'
import type {
  AccountList,
  AccountsFilter,
  ControlsFilter,
  EntryFilter,
  EntryList,
  RequestList,
  RequestsFilter,
  TotalsFilter,
} from '../filters.ts'
import { TooManyLateEntries } from '../history/late-entries.ts'
import type { PastBalance, TimeOrder } from '../history/queries.ts'
import type { Indexes } from '../indexes.ts'
import { QUERY_LIMIT_MAX, TOTALS_AT_ONCE_MAX } from '../limits.ts'
import { accountIdOf } from '../look-up.ts'
import type { AssetView, LedgerReader, TotalsView } from '../reader.ts'
import type { LookUpKey } from '../request.ts'
import { type RequestHead, requestOfEvent, type SavedRequest } from '../saved-request.ts'
import type { AccountView, EventView, LaterEventList, TransferView } from '../views.ts'
import { listAccounts } from './account-list.ts'
import { accountView } from './account-view.ts'
import { EntryReader } from './entry-view.ts'
import { laterEvents } from './later-events.ts'
import { listRequests } from './request-list.ts'
import { TransferReader } from './transfer-view.ts'

export interface ReaderParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly keys: RequestIndex
  readonly indexes: Indexes
}

export class BookReader implements LedgerReader {
  readonly #parts: ReaderParts
  readonly #transfers: TransferReader
  readonly #entries: EntryReader
  readonly #finder: RequestFinder
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  readonly #id = Memory.allocate(16)

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#transfers = new TransferReader(parts.ledger, parts.book)
    this.#entries = new EntryReader(parts, this.#transfers)
    this.#finder = new RequestFinder(parts.book)
  }

  get accountCount(): number {
    return this.#parts.ledger.read.accountCount
  }

  account(id: bigint): AccountView | undefined {
    const slot = this.#parts.ledger.read.findAccount(id)
    return slot < 0 ? undefined : this.accountBySlot(slot)
  }

  accountBySlot(slot: number): AccountView | undefined {
    if (slot < 0 || slot >= this.accountCount) return undefined
    return accountView(this.#parts.ledger.read, slot)
  }

  accountByAddress(address: string): AccountView | undefined {
    const account = this.account(accountIdOf(address))
    return account?.address === address ? account : undefined
  }

  accounts(filter: AccountsFilter): AccountList {
    checkLimit(filter.limit)
    return listAccounts(this.#parts, filter)
  }

  transfer(id: bigint): TransferView | undefined {
    const sequence = this.#find(id)
    return sequence > 0 ? this.#transfers.transfer(sequence) : undefined
  }

  transferBySequence(sequence: number): TransferView | undefined {
    return this.#knows(sequence) ? this.#transfers.transfer(sequence) : undefined
  }

  event(sequence: number): EventView | undefined {
    return this.#knows(sequence) ? this.#transfers.event(sequence) : undefined
  }

  record(sequence: number, cursor: RecordCursor): RecordCursor {
    if (!this.#knows(sequence)) throw new EngineError('invalid', `there is no event ${sequence}`)
    return this.#parts.book.record(sequence, cursor)
  }

  frame(sequence: number): BookBody {
    const open = this.#parts.book.open?.firstSequence ?? Number.POSITIVE_INFINITY
    if (!this.#knows(sequence) || sequence >= open) {
      throw new EngineError('invalid', `there is no durable event ${sequence}`)
    }
    return this.#parts.book.frameOf(sequence)
  }

  balanceAt(account: bigint, at: bigint, by: TimeOrder = 'ledger'): PastBalance | undefined {
    const slot = this.#parts.ledger.read.findAccount(account)
    return slot < 0 ? undefined : served(() => this.#parts.indexes.balanceAt(slot, at, by))
  }

  balanceAfter(slot: number, sequence: number): PastBalance | undefined {
    const { ledger, indexes } = this.#parts
    if (slot < 0 || slot >= this.accountCount || ledger.read.openedBy(slot) > sequence)
      return undefined
    return indexes.balanceAfter(slot, sequence)
  }

  hasSubtree(slot: number): boolean {
    return this.#parts.ledger.read.hasSubtree(slot)
  }

  entries(filter: EntryFilter): EntryList {
    checkLimit(filter.limit)
    return served(() => this.#entries.list(filter))
  }

  entriesAhead(filter: EntryFilter): Promise<void> | undefined {
    checkLimit(filter.limit)
    return this.#entries.ahead(filter)
  }

  totals(filter: TotalsFilter): readonly TotalsView[] {
    const { indexes } = this.#parts
    if (indexes.countOf(filter.prefix) > TOTALS_AT_ONCE_MAX) {
      throw new EngineError(
        'too_large',
        `at most ${TOTALS_AT_ONCE_MAX} accounts are added up at once`,
      )
    }
    return served(() => {
      const totals = indexes.totals(filter)
      totals.step(Number.POSITIVE_INFINITY)
      return totals.result()
    })
  }

  laterEvents(
    id: bigint,
    page: { readonly after?: number; readonly limit: number },
  ): LaterEventList | undefined {
    checkLimit(page.limit)
    const sequence = this.#find(id)
    if (sequence <= 0) return undefined
    return laterEvents({ ...this.#parts, cursor: this.#cursor }, sequence, page)
  }

  request({ low, high }: LookUpKey): SavedRequest | undefined {
    const sequence = this.#parts.keys.find(low, high)
    return sequence === 0 ? undefined : this.requestOf(sequence)
  }

  requestOf(sequence: number): SavedRequest | undefined {
    // The group being filled has no requests yet: they are there once the event is durable.
    const open = this.#parts.book.open?.firstSequence ?? Number.POSITIVE_INFINITY
    if (!this.#knows(sequence) || sequence >= open) return undefined
    return requestOfEvent(this.#parts.book.frameOf(sequence), sequence)
  }

  originOf(sequence: number): RequestHead | undefined {
    return this.#knows(sequence) ? this.#finder.ofEvent(sequence) : undefined
  }

  *controls({
    from = 0n,
    to,
    before = Number.POSITIVE_INFINITY,
  }: ControlsFilter): Generator<number> {
    const { book, indexes, ledger } = this.#parts
    const end = to === undefined ? ledger.lastSequence : to === 0n ? 0 : book.sequenceAt(to - 1n)
    const first = from === 0n ? 1 : book.sequenceAt(from - 1n) + 1
    for (const sequence of indexes.controls) {
      if (sequence < first) return
      if (sequence <= end && sequence < before) yield sequence
    }
  }

  requests(filter: RequestsFilter): RequestList {
    checkLimit(filter.limit)
    // Negative: the id was burnt by the refusal of that sequence.
    const transfer =
      filter.transfer === undefined ? undefined : Math.abs(this.#find(filter.transfer))
    return listRequests({ ...this.#parts, finder: this.#finder }, filter, transfer)
  }

  assets(): readonly AssetView[] {
    return [...this.#parts.ledger.read.assets()].map(([number, name]) => ({ number, name }))
  }

  assetName(number: number): string | undefined {
    return this.#parts.ledger.read.assetName(number)
  }

  assetNumber(name: string): number | undefined {
    return this.#parts.ledger.read.assetNumber(name)
  }

  booksClosedUntil(asset: number, account: bigint): bigint {
    const { read } = this.#parts.ledger
    let until = read.booksOfAsset(asset)
    let slot = account === 0n ? -1 : read.findAccount(account)
    while (slot >= 0) {
      const own = read.booksOfSubtree(slot)
      if (own > until) until = own
      slot = read.account(slot).parentSlot
    }
    return until
  }

  #find(id: bigint): number {
    writeU128(this.#id, 0, id)
    return this.#parts.ledger.findTransfer(this.#id, 0, this.#read)
  }

  /** Not the book's `load`: what that has loaded belongs to the request that is being decided. */
  readonly #read = (sequence: number, cursor: RecordCursor): void => {
    this.#parts.book.record(sequence, cursor)
  }

  #knows(sequence: number): boolean {
    return sequence >= 1 && sequence <= this.#parts.ledger.lastSequence
  }
}

/** What the indexes cannot serve is said in one way. @throws EngineError `too_large`. */
export function served<Answer>(ask: () => Answer): Answer {
  try {
    return ask()
  } catch (error) {
    if (error instanceof TooManyLateEntries || error instanceof TooManyGroups) {
      throw new EngineError('too_large', error.message, { cause: error })
    }
    throw error
  }
}

export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= QUERY_LIMIT_MAX) return
  throw new EngineError('invalid', `limit must be between 1 and ${QUERY_LIMIT_MAX}`)
}
