/**
 * Synchronous reading of what is decided, from memory and, for what is older, from disk. It may show what is not
 * durable yet: whoever answers others waits for `whenDurable(ledger.lastSequence)` as of the reading.
 */
import type { RecordCursor } from '@tallystick/ledger'

import type { GroupTotals } from './addresses/totals.ts'
import type { BookBody } from './book-body.ts'
import type {
  AccountList,
  AccountsFilter,
  ControlsFilter,
  EntryFilter,
  EntryList,
  RequestList,
  RequestsFilter,
  TotalsFilter,
} from './filters.ts'
import type { PastBalance, TimeOrder } from './history/queries.ts'
import type { LookUpKey } from './request.ts'
import type { RequestHead, SavedRequest } from './saved-request.ts'
import type { AccountView, EventView, LaterEventList, TransferView } from './views.ts'

export type TotalsView = GroupTotals

export interface AssetView {
  readonly number: number
  /** With its scale, like `PTS/0`. */
  readonly name: string
}

export interface LedgerReader {
  readonly accountCount: number
  account(id: bigint): AccountView | undefined
  accountBySlot(slot: number): AccountView | undefined
  /** The account with that address, which has to be the one that the id was made from. */
  accountByAddress(address: string): AccountView | undefined
  /** @throws EngineError `invalid` for a filter that cannot be served. */
  accounts(filter: AccountsFilter): AccountList
  /** A created transfer; undefined also for those that were refused. */
  transfer(id: bigint): TransferView | undefined
  transferBySequence(sequence: number): TransferView | undefined
  event(sequence: number): EventView | undefined
  /** Points `cursor` at the record of an event. Valid until control returns to the event loop. @throws EngineError */
  record(sequence: number, cursor: RecordCursor): RecordCursor
  /**
   * The whole frame that holds a durable event, for those who follow the book: `lastSequence + 1` is in the next one. Valid until control
   * returns to the event loop. @throws EngineError, JournalCorrupt
   */
  frame(sequence: number): BookBody
  /** Balances at a moment (inclusive), as known now by that axis; undefined: no such account. */
  balanceAt(account: bigint, at: bigint, by?: TimeOrder): PastBalance | undefined
  /** Balances of the account in a slot right after an event that is decided; undefined: it was not open yet. */
  balanceAfter(slot: number, sequence: number): PastBalance | undefined
  /** Whether the account in a slot has totals over a subtree: it has, or had, a child or a limit of its subtree. */
  hasSubtree(slot: number): boolean
  /** @throws EngineError `invalid` for a filter that cannot be served. */
  entries(filter: EntryFilter): EntryList
  /**
   * Reads ahead what `entries` will read, many records at a time and without stopping the loop. Undefined: the disk answers at once, and
   * nothing has to be waited for. A hint: `entries` gives the same without it. @throws EngineError `invalid`
   */
  entriesAhead(filter: EntryFilter): Promise<void> | undefined
  /**
   * All of one moment. @throws EngineError `too_large` for more accounts than can be added up at once: `TallyLedger.totals` takes them in
   * steps.
   */
  totals(filter: TotalsFilter): readonly TotalsView[]
  /** What became of a created transfer, newest first; undefined: there is no such transfer. */
  laterEvents(
    id: bigint,
    page: { readonly after?: number; readonly limit: number },
  ): LaterEventList | undefined
  /** The saved request with that look-up key, or the one that caused that event. */
  request(key: LookUpKey): SavedRequest | undefined
  requestOf(sequence: number): SavedRequest | undefined
  /**
   * Who asked for an event, without the records of the request; undefined: a release, which nobody asked for. Knows events of the
   * group that is being decided too.
   */
  originOf(sequence: number): RequestHead | undefined
  /** @throws EngineError `invalid` for a filter that cannot be served. */
  controls(filter: ControlsFilter): Generator<number>
  requests(filter: RequestsFilter): RequestList
  /** Sequences of control commands, accepted or refused, newest first. Read on before anything else is decided. */
  controls(filter: ControlsFilter): Generator<number>
  /** Registered assets; those of ISO 4217 are in `money`. */
  assets(): readonly AssetView[]
  assetName(number: number): string | undefined
  assetNumber(name: string): number | undefined
  /** Nothing may be dated at or before it; 0 = open. Account id 0: of the asset alone. */
  booksClosedUntil(asset: number, account: bigint): bigint
}
