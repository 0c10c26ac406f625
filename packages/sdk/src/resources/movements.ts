/** Transfers, transactions and holds. */
import type { List } from '../list.ts'
import type { ReadOptions, WriteOptions } from '../options.ts'
import type {
  CaptureHold,
  CreateHold,
  CreateTransaction,
  CreateTransfer,
  Hold,
  LaterEvent,
  PageQuery,
  ReverseTransfer,
  Transaction,
  Transfer,
} from '../shapes/movement.ts'
import type { FilteredQuery, RowsQuery } from '../shapes/query.ts'
import type { Id, Naming } from '../shapes/values.ts'
import { Resource, segment } from './resource.ts'

export class Transfers extends Resource {
  /** Moves an amount from one account to another. @throws ExceedsCredits, Refused, ExistsDifferently */
  create(transfer: CreateTransfer, options: WriteOptions = {}): Promise<Transfer> {
    return this.write('/v1/transfers', transfer, options)
  }

  /** @throws NotFound */
  get(id: Id, options: ReadOptions = {}): Promise<Transfer> {
    return this.read(`/v1/transfers/${segment(id)}`, {}, options)
  }

  findByReference(reference: string, options: ReadOptions = {}): Promise<Transfer | undefined> {
    return this.found('/v1/transfers', reference, options)
  }

  /** Those that fit a filter, from the read models: a moment behind the ledger. @throws Refused when no index leads there, Unavailable */
  query(query: RowsQuery = {}, options: ReadOptions = {}): List<Transfer> {
    return this.asked('/v1/transfers/query', query, options)
  }

  /** The same by text: conditions like `code=10;amount>=1000`. */
  list(query: FilteredQuery = {}, options: ReadOptions = {}): List<Transfer> {
    return this.rows('/v1/transfers', query, options)
  }

  /** A C2SP tlog-proof with the opened leaf, for `tally-verify receipt`. @throws NotFound, Unavailable when it takes too long */
  receipt(id: Id, options: ReadOptions = {}): Promise<string> {
    const call = { method: 'GET', path: `/v1/transfers/${segment(id)}/receipt`, options } as const
    return this.transport.text(call, 'text/plain')
  }

  /** What became of it, newest first: captures, void or expiry of a hold, reversals. @throws NotFound */
  events(id: Id, query: PageQuery = {}, options: ReadOptions = {}): List<LaterEvent> {
    return this.rows(`/v1/transfers/${segment(id)}/events`, query, options)
  }

  /** Takes it back, whole or in part; never beyond its amount. @throws Refused */
  reverse(id: Id, reversal: ReverseTransfer = {}, options: WriteOptions = {}): Promise<Transfer> {
    return this.write(`/v1/transfers/${segment(id)}/reverse`, reversal, options)
  }
}

export class Transactions extends Resource {
  /** Moves several amounts, all or nothing. @throws ExceedsCredits, Refused, ExistsDifferently */
  create(transaction: CreateTransaction, options: WriteOptions = {}): Promise<Transaction> {
    return this.write('/v1/transactions', transaction, options)
  }

  /** @throws NotFound */
  get(id: Id, options: ReadOptions = {}): Promise<Transaction> {
    return this.read(`/v1/transactions/${segment(id)}`, {}, options)
  }

  findByReference(reference: string, options: ReadOptions = {}): Promise<Transaction | undefined> {
    return this.found('/v1/transactions', reference, options)
  }

  /** Takes back what is left of every posting. @throws Refused */
  reverse(id: Id, naming: Naming = {}, options: WriteOptions = {}): Promise<Transaction> {
    return this.write(`/v1/transactions/${segment(id)}/reverse`, naming, options)
  }
}

export class Holds extends Resource {
  /** Reserves an amount. @throws ExceedsCredits, Refused, ExistsDifferently */
  create(hold: CreateHold, options: WriteOptions = {}): Promise<Hold> {
    return this.write('/v1/holds', hold, options)
  }

  /** @throws NotFound */
  get(id: Id, options: ReadOptions = {}): Promise<Hold> {
    return this.read(`/v1/holds/${segment(id)}`, {}, options)
  }

  /** Those that fit a filter, from the read models: a moment behind the ledger. @throws Refused when no index leads there, Unavailable */
  query(query: RowsQuery = {}, options: ReadOptions = {}): List<Hold> {
    return this.asked('/v1/holds/query', query, options)
  }

  /** The same by text: conditions like `code=10;amount>=1000`. */
  list(query: FilteredQuery = {}, options: ReadOptions = {}): List<Hold> {
    return this.rows('/v1/holds', query, options)
  }

  findByReference(reference: string, options: ReadOptions = {}): Promise<Hold | undefined> {
    return this.found('/v1/holds', reference, options)
  }

  /** Takes all or part of it. @throws Conflict when it is captured, voided or expired; Refused */
  capture(id: Id, capture: CaptureHold = {}, options: WriteOptions = {}): Promise<Hold> {
    return this.write(`/v1/holds/${segment(id)}/capture`, capture, options)
  }

  /** Gives back what remains. @throws Conflict when it is captured, voided or expired */
  void(id: Id, naming: Naming = {}, options: WriteOptions = {}): Promise<Hold> {
    return this.write(`/v1/holds/${segment(id)}/void`, naming, options)
  }
}
