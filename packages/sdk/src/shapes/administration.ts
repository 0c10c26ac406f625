/** Assets, closed books, saved requests, readiness. */
import type { Approval } from './access.ts'
import type {
  Address,
  AssetText,
  Balances,
  Id,
  Kind,
  Metadata,
  Moment,
  ShownPrivate,
  Time,
} from './values.ts'

export interface Asset {
  readonly object: 'asset'
  readonly asset: AssetText
  /** Stands for the asset in packed batches. */
  readonly number: number
  readonly scale: number
  readonly builtIn: boolean
  readonly registeredAt: Time | null
  readonly dryRun?: true
}

export interface RegisterAsset {
  readonly asset: AssetText
  /** From 1000; default: the next one that is free. */
  readonly number?: number
}

/** Exactly one of `asset` and `account`. */
export interface CloseBooks {
  readonly asset?: AssetText
  readonly account?: Address
  /** Nothing may be dated at or before it; null opens the books. */
  readonly closedUntil: Moment | null
}

export interface Books {
  readonly object: 'books'
  readonly asset: AssetText | null
  readonly account: Address | null
  readonly closedUntil: Time | null
  readonly timestamp: Time
  readonly sequence: bigint
  readonly requestId: string
  readonly dryRun?: true
}

export interface ReadModels {
  readonly object: 'read_models'
  /** While `rebuilding` they are not asked; `detail` says why they are `unavailable`. */
  readonly status: 'following' | 'rebuilding' | 'unavailable'
  /** Newest event that is in them. */
  readonly sequence: bigint
  readonly durableSequence: bigint
  readonly rebuildingUntil: bigint | null
  /** Whether they had the totals of the ledger when they were last compared; null until then. */
  readonly agreement: {
    readonly checkedAt: Time
    readonly comparedSequence: bigint
    /** For people: each asset that differs. None: they agree. */
    readonly differences: readonly string[]
  } | null
  readonly detail: string | null
}

export interface LedgerRecord {
  readonly object: 'record'
  readonly sequence: bigint
  readonly timestamp: Time
  readonly operation:
    | 'create_transfer'
    | 'release_hold'
    | 'create_account'
    | 'change_limit'
    | 'change_metadata'
    | 'close_account'
    | 'reopen_account'
    | 'register_asset'
    | 'close_books'
    | 'attest'
    | 'control'
    | 'rule'
  /** `created`, `changed`, `exists`, or the code of the refusal. */
  readonly status: string
  readonly id: Id | null
  readonly account?: Address
  readonly debitAccount?: Address
  readonly creditAccount?: Address
  readonly amount?: bigint
  readonly asset?: AssetText
  readonly code?: number
  readonly kind?: Kind
  /** What it captured, voided or reversed; null = nothing. */
  readonly pendingId?: Id | null
  /** Of both accounts, right after the event. */
  readonly balances?: Readonly<Record<Address, Balances>>
  readonly needed?: bigint
  readonly available?: bigint
  /** Of a refusal by a limit; of an opening or a change: what was set. */
  readonly limit?: bigint
  /** Which ceiling refused, and when it is whole again. */
  readonly ceiling?: string
  readonly resetsAt?: Time
  readonly limitBefore?: bigint
  readonly subtreeLimit?: bigint | null
  readonly subtreeLimitBefore?: bigint | null
  readonly metadata?: Metadata
  readonly private?: ShownPrivate
  /** What was asked of the rights, as the log has it. */
  readonly control?: Readonly<Record<string, unknown>>
  /** What was asked of the rules, or what one of them did, as the log has it. */
  readonly rule?: Readonly<Record<string, unknown>>
  readonly closedUntil?: Time | null
  readonly closedUntilBefore?: Time | null
}

export interface RequestSummary {
  readonly object: 'request'
  readonly id: string
  readonly status: 'pending' | 'awaiting_approval' | 'done'
  /** Like `createTransfer`. */
  readonly operation: string
  readonly principal: string
  readonly keyId: string
  readonly source: string
  readonly initiator: string | null
  readonly idempotencyKey: string | null
  readonly receivedAt: Time
  /** When the ledger decided its first event. */
  readonly timestamp: Time
  /** Of its first event. */
  readonly sequence: bigint
  /** SHA-256 of the parsed command, hex. */
  readonly digest: string
  readonly recordCount: bigint
}

export interface SavedRequest extends RequestSummary {
  /** What was asked, as far as the records do not say it, in the names of the wire. */
  readonly body: unknown
  /** In the names of the wire. null: it came from a program that embeds the ledger. */
  readonly answer: { readonly status: number; readonly body: unknown } | null
  /** Of what waited for a second person, or what one decided: how it stands now. */
  readonly approval?: Approval
  readonly records: readonly LedgerRecord[]
}

/** Filters can be combined. */
export interface RequestsQuery {
  readonly transfer?: Id
  /** Opened, changed, debited or credited by the request. */
  readonly account?: Address
  /** Exactly this address of the network. */
  readonly source?: string
  readonly principal?: string
  /** Asked with exactly this key. */
  readonly keyId?: string
  /** First ledger time that counts. */
  readonly from?: Moment
  /** First ledger time that no longer counts. */
  readonly to?: Moment
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
  readonly cursor?: string
}

export interface ErasedSubject {
  readonly object: 'subject'
  readonly subject: string
  /** The same whether or not there was anything to erase. */
  readonly status: 'erased'
}

export interface Readiness {
  readonly status:
    | 'ready'
    | 'starting'
    | 'storage_full'
    | 'clock_jump'
    | 'behind_signed'
    | 'failed'
    | 'draining'
  readonly accounts: bigint
  readonly sequence: bigint
  readonly durableSequence: bigint
  /** The background reader found damage in the journal. */
  readonly damaged: boolean
}
