/** What lists are asked for. TigerBeetle's two filters, and our own. */
import type { TimeOrder } from './history/queries.ts'
import type { RequestHead } from './saved-request.ts'
import type { AccountView, EntryView } from './views.ts'

/** `flags` of an `AccountFilter`. Without debits and credits nothing would be found: that is refused. */
export const AccountFilterFlags = {
  none: 0,
  /** Transfers that debit the account. */
  debits: 1 << 0,
  /** Transfers that credit the account. */
  credits: 1 << 1,
  /** Newest first. */
  reversed: 1 << 2,
} as const

/** `flags` of a `QueryFilter`. */
export const QueryFilterFlags = {
  none: 0,
  /** Newest first. */
  reversed: 1 << 0,
} as const

export interface AccountFilter {
  readonly accountId: bigint
  /** 0 or absent = any. */
  readonly code?: number
  /** ns, inclusive; 0 or absent = no bound. */
  readonly timestampMin?: bigint
  /** ns, inclusive; 0 or absent = no bound. */
  readonly timestampMax?: bigint
  /** 1 … 8,190. */
  readonly limit: number
  /** `AccountFilterFlags`; absent = debits and credits. */
  readonly flags?: number
}

export interface QueryFilter {
  /** 0 or absent = any. TigerBeetle's `ledger`. */
  readonly asset?: number
  /** 0 or absent = any. */
  readonly code?: number
  /** ns, inclusive; 0 or absent = no bound. */
  readonly timestampMin?: bigint
  readonly timestampMax?: bigint
  /** 1 … 8,190. */
  readonly limit: number
  /** `QueryFilterFlags`. */
  readonly flags?: number
}

export interface EntryFilter {
  readonly account: bigint
  /** ns, inclusive; absent = from the beginning. */
  readonly from?: bigint
  /** ns, exclusive; absent = up to now. */
  readonly to?: bigint
  /** Default `ledger`. */
  readonly by?: TimeOrder
  readonly direction?: 'debit' | 'credit'
  readonly code?: number
  /** `posted` (default): entries that moved posted balances; `all`: every link of the chain. */
  readonly kind?: 'posted' | 'all'
  /** Default true. */
  readonly newestFirst?: boolean
  /** Where the page before ended: `next` of that page. */
  readonly after?: number
  /** 1 … 8,190. */
  readonly limit: number
}

export interface EntryList {
  readonly entries: readonly EntryView[]
  /**
   * `after` of the next page; undefined: the list is complete. A page can be short, even empty, and still have a next one: a
   * filter that lets little pass ends a call early.
   */
  readonly next: number | undefined
}

/** Control commands of a period. */
export interface ControlsFilter {
  /** ns, inclusive; absent = from the beginning. */
  readonly from?: bigint
  /** ns, exclusive; absent = up to now. */
  readonly to?: bigint
  /** Only those before this sequence. */
  readonly before?: number
}

/** Saved requests, newest first; times are ledger times of a request's first event. */
export interface RequestsFilter {
  /** Requests that opened, changed, debited or credited this account. A refusal changes nothing. */
  readonly account?: bigint
  /** The request that made this transfer, or whose refusal burnt its id. */
  readonly transfer?: bigint
  /** Exactly this source. */
  readonly source?: string
  /** Exactly this principal. */
  readonly principal?: string
  /** Asked with exactly this key. */
  readonly keyId?: string
  /** ns, inclusive; absent = from the beginning. */
  readonly from?: bigint
  /** ns, exclusive; absent = up to now. */
  readonly to?: bigint
  /** Where the page before ended: `next` of that page. */
  readonly after?: number
  /** 1 … 8,190. */
  readonly limit: number
}

export interface RequestList {
  readonly requests: readonly RequestHead[]
  /**
   * `after` of the next page: every request from this sequence on was looked at. undefined: the list is complete. A page can be
   * short, even empty, and still have a next one.
   */
  readonly next: number | undefined
}

/** With `prefix` in order of address, else newest first. */
export interface AccountsFilter {
  /** Addresses that begin with this. */
  readonly prefix?: string
  /** Direct children of this account. */
  readonly parent?: bigint
  readonly asset?: number
  readonly code?: number
  /** `next` of the page before. */
  readonly after?: number
  /** 1 … 8,190. */
  readonly limit: number
}

export interface AccountList {
  readonly accounts: readonly AccountView[]
  /**
   * `after` of the next page; undefined: the list is complete. A page can be short, even empty, and still have a next one. Means
   * nothing on another machine.
   */
  readonly next: number | undefined
}

export interface TotalsFilter {
  readonly prefix: string
  /** Address segments that make a group: 1 = `users`, 2 = `users:1042`; 0 = all in one. */
  readonly groupBy: number
}
