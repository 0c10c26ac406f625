/** Totals, assets, closed books, saved requests. */
import type { List } from '../list.ts'
import type { CallOptions, ReadOptions, WriteOptions } from '../options.ts'
import type { Entry, Totals, TotalsQuery } from '../shapes/account.ts'
import type {
  Asset,
  Books,
  CloseBooks,
  ErasedSubject,
  ReadModels as ReadModelsState,
  RegisterAsset,
  RequestsQuery,
  RequestSummary,
  SavedRequest,
} from '../shapes/administration.ts'
import type { FilteredQuery, RowsQuery } from '../shapes/query.ts'
import { Resource, segment } from './resource.ts'

export class BalanceTotals extends Resource {
  /** By address segment and asset. */
  totals(query: TotalsQuery = {}, options: ReadOptions = {}): List<Totals> {
    return this.rows('/v1/balances', query, options)
  }
}

export class Assets extends Resource {
  list(options: ReadOptions = {}): List<Asset> {
    return this.rows('/v1/assets', {}, options)
  }

  register(asset: RegisterAsset, options: WriteOptions = {}): Promise<Asset> {
    return this.write('/v1/assets', asset, options)
  }
}

export class ClosedBooks extends Resource {
  /** From now on nothing may be dated at or before `closedUntil`; null opens the books again. */
  close(books: CloseBooks, options: WriteOptions = {}): Promise<Books> {
    return this.send({ method: 'PUT', path: '/v1/books', body: books, options })
  }
}

export class Requests extends Resource {
  /** Newest first. */
  list(query: RequestsQuery = {}, options: ReadOptions = {}): List<RequestSummary> {
    return this.rows('/v1/requests', query, options)
  }

  /** What was asked, by whom, what was answered, and every record it caused. @throws NotFound */
  get(id: string, options: ReadOptions = {}): Promise<SavedRequest> {
    return this.read(`/v1/requests/${segment(id)}`, {}, options)
  }
}

export class Subjects extends Resource {
  /** Destroys the subject's key: its private data can be read by nobody any more. Cannot be taken back. */
  erase(subject: string, options: CallOptions = {}): Promise<ErasedSubject> {
    return this.send({ method: 'DELETE', path: `/v1/subjects/${segment(subject)}`, options })
  }
}

/** Of all accounts; those of one are `accounts.entries`. */
export class Entries extends Resource {
  /** Those that fit a filter, from the read models: a moment behind the ledger. @throws Refused when no index leads there, Unavailable */
  query(query: RowsQuery = {}, options: ReadOptions = {}): List<Entry> {
    return this.asked('/v1/entries/query', query, options)
  }

  /** The same by text: conditions like `account=users:1042:wallet;amount>=1000`. */
  list(query: FilteredQuery = {}, options: ReadOptions = {}): List<Entry> {
    return this.rows('/v1/entries', query, options)
  }
}

export class ReadModels extends Resource {
  /** How far the tables of PostgreSQL are. */
  get(options: ReadOptions = {}): Promise<ReadModelsState> {
    return this.read('/v1/read-models', {}, options)
  }

  /** Makes them again from the journal. Returns when it has begun; `get` tells how far it is. @throws Unavailable without PostgreSQL */
  rebuild(options: CallOptions = {}): Promise<ReadModelsState> {
    return this.send({ method: 'POST', path: '/v1/read-models/rebuild', options })
  }

  /** Holds them to the ledger's own totals. Returns when it is asked for; `agreement` of `get` tells what came of it. @throws Unavailable without PostgreSQL */
  check(options: CallOptions = {}): Promise<ReadModelsState> {
    return this.send({ method: 'POST', path: '/v1/read-models/check', options })
  }
}
