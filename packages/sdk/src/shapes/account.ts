/** Accounts, their balances, entries and statements. */
import type {
  Address,
  AssetText,
  Balances,
  Id,
  Kind,
  Metadata,
  Moment,
  PrivateData,
  ShownPrivate,
  Time,
  TimeAxis,
} from './values.ts'

export type AccountFlag = 'debits_must_not_exceed_credits' | 'credits_must_not_exceed_debits'

export interface Account {
  readonly object: 'account'
  readonly address: Address
  readonly id: Id
  readonly asset: AssetText
  readonly code: number
  readonly flags: readonly AccountFlag[]
  readonly parent: Address | null
  /** Allowance on top of the flag, minor units. */
  readonly limit: bigint
  readonly subtreeLimit: bigint | null
  readonly closed: boolean
  readonly balances: Balances
  /** Links of its chain. */
  readonly entries: bigint
  readonly metadata: Metadata
  readonly private?: ShownPrivate
  readonly createdAt: Time
  /** Opened it. */
  readonly requestId: string
  readonly dryRun?: true
}

export interface CreateAccount {
  readonly address: Address
  readonly asset: AssetText
  /** 1 … 65,535; default 1. */
  readonly code?: number
  readonly flags?: readonly AccountFlag[]
  readonly parent?: Address | null
  readonly limit?: bigint
  readonly subtreeLimit?: bigint | null
  readonly closed?: boolean
  readonly metadata?: Metadata
  readonly private?: PrivateData
}

/** What is left out stays as it is. */
export interface ChangeAccount {
  readonly limit?: bigint
  readonly subtreeLimit?: bigint | null
  readonly metadata?: Metadata
  readonly private?: PrivateData
}

export interface AccountsQuery {
  /** Whole leading segments: `users:1042`. */
  readonly prefix?: string
  readonly parent?: Address
  readonly asset?: AssetText
  /** Conditions as text, like `code=100;balance<0`: asked of the read models. */
  readonly filter?: string
  readonly sort?: string
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
  readonly cursor?: string
}

export interface Balance {
  readonly object: 'balance'
  readonly account: Address
  readonly asset: AssetText
  readonly at: Time
  readonly by: TimeAxis
  readonly balances: {
    /** null by value date: holds have none. */
    readonly debitsPending: bigint | null
    readonly debitsPosted: bigint
    readonly creditsPending: bigint | null
    readonly creditsPosted: bigint
    readonly balance: bigint
    readonly available: bigint | null
  }
  readonly entries: bigint
  readonly sequence: bigint
  /** Of accounts with children, and only now: totals of what crossed the subtree's boundary. */
  readonly subtree?: Omit<Balances, 'available'>
}

export interface BalanceQuery {
  readonly at?: Moment
  readonly by?: TimeAxis
}

export interface Entry {
  readonly object: 'entry'
  readonly account: Address
  /** Place in the account's chain, from 1. */
  readonly number: bigint
  readonly direction: 'debit' | 'credit'
  readonly amount: bigint
  /** Running balance after it. */
  readonly balance: bigint
  readonly transferId: Id
  readonly counterparty: Address
  readonly code: number
  readonly effectiveAt: Time
  readonly timestamp: Time
  readonly metadata: Metadata
  readonly private?: ShownPrivate
  /** null: the hold expired by itself; `transferId` is the hold. */
  readonly requestId: string | null
  /** This and the next three with `kind: 'all'`. */
  readonly kind?: Kind
  readonly sequence?: bigint
  /** The hold that it captured, voided or released, or the transfer that it reversed. */
  readonly pendingId?: Id | null
  readonly balances?: Balances
}

export interface EntriesQuery {
  /** First moment that counts. */
  readonly from?: Moment
  /** First moment that no longer counts. */
  readonly to?: Moment
  readonly by?: TimeAxis
  readonly direction?: 'debit' | 'credit'
  readonly code?: number
  readonly kind?: 'posted' | 'all'
  /** Which come first; default `newest`. */
  readonly order?: 'newest' | 'oldest'
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
  readonly cursor?: string
}

export interface StatementEdge {
  readonly at: Time | null
  readonly balance: bigint
}

export interface Statement {
  readonly object: 'statement'
  readonly account: Address
  readonly asset: AssetText
  readonly by: TimeAxis
  readonly from: Time | null
  readonly to: Time
  readonly opening: StatementEdge
  /** Oldest first. */
  readonly entries: readonly Entry[]
  readonly closing: StatementEdge
  readonly totals: { readonly entries: bigint; readonly debits: bigint; readonly credits: bigint }
}

export interface StatementQuery {
  readonly from?: Moment
  readonly to?: Moment
  readonly by?: TimeAxis
}

/** Of a proof of an account. */
export interface ProofQuery {
  readonly from?: Moment
  readonly to?: Moment
}

export interface Totals {
  readonly object: 'totals'
  /** Address segments that the accounts share. */
  readonly group: string
  readonly asset: AssetText
  readonly accounts: bigint
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly balance: bigint
}

export interface TotalsQuery {
  readonly prefix?: string
  /** Leading address segments that make a group; 0 = all in one. Default 1. */
  readonly groupBy?: number
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
  readonly cursor?: string
}
