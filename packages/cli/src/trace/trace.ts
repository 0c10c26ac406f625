/** What `tally trace` found out: requests with their records, and of each record what came before and after it. */
import type { Account, Id, LaterEvent, LedgerRecord, SavedRequest } from '@tallystick/sdk'

export const TRACE_KINDS = ['request', 'transfer', 'account', 'reference'] as const
export type TraceKind = (typeof TRACE_KINDS)[number]

/** The request that made the hold, or the transfer, that a record refers to. */
export interface Origin {
  readonly transferId: Id
  readonly requestId: string
}

export interface TracedRecord extends LedgerRecord {
  /** Of a capture, void or reversal. */
  readonly of?: Origin
  /** What became of it, oldest first; only of what can have a later. */
  readonly later?: readonly LaterEvent[]
  /** There is more in `later` than was fetched. */
  readonly laterHasMore?: true
}

export interface TracedRequest extends Omit<SavedRequest, 'records'> {
  /** Those that were asked for: see `recordCount` for how many there are. */
  readonly records: readonly TracedRecord[]
}

export interface Trace {
  readonly object: 'trace'
  /** As it was given. */
  readonly asked: string
  readonly foundAs: TraceKind
  /** The transfer that was asked for. */
  readonly transferId: Id | null
  readonly account: Account | null
  /** Newest first. */
  readonly requests: readonly TracedRequest[]
  /** Whether the account has older requests than these. */
  readonly hasMore: boolean
}
