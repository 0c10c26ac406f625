/** Transfers, transactions and holds. */
import type {
  Address,
  AssetText,
  Balances,
  Created,
  Id,
  Kind,
  Metadata,
  Mode,
  Naming,
  ShownPrivate,
  Time,
} from './values.ts'

export interface Transfer {
  readonly object: 'transfer'
  readonly id: Id
  readonly status: Created
  readonly debitAccount: Address
  readonly creditAccount: Address
  /** What was moved, held or released, minor units. */
  readonly amount: bigint
  /** What was asked for, where it is not what was moved. */
  readonly requestedAmount?: bigint
  readonly asset: AssetText
  readonly code: number
  readonly kind: Kind
  readonly pendingId: Id | null
  readonly timeoutSeconds: number | null
  readonly metadata: Metadata
  readonly private?: ShownPrivate
  readonly effectiveAt: Time
  readonly timestamp: Time
  readonly sequence: bigint
  readonly requestId: string
  readonly reference?: string
  /** How much of it was reversed so far; left out while that is nothing. */
  readonly reversedAmount?: bigint
  /** Right after it, by address. */
  readonly balances: Readonly<Record<Address, Balances>>
  readonly dryRun?: true
}

export interface CreateTransfer extends Naming {
  /** Gives. `world` is short for the asset's world account. */
  readonly debitAccount: Address
  /** Receives. */
  readonly creditAccount: Address
  /** Minor units, above 0. */
  readonly amount: bigint
  readonly asset: AssetText
  /** 1 … 65,535; default 1. */
  readonly code?: number
  readonly mode?: Mode
  /** Open accounts that do not exist yet, without flags. */
  readonly openMissing?: boolean
}

/** An increment or decrement. */
export interface ChangeBalance extends Naming {
  /** Minor units, above 0. */
  readonly amount: bigint
  readonly asset?: AssetText
  /** Default: `world`. */
  readonly counterparty?: Address
  readonly code?: number
  readonly mode?: Mode
  readonly openMissing?: boolean
}

export interface ReverseTransfer extends Naming {
  /** Default: all that was not reversed yet. */
  readonly amount?: bigint
  readonly code?: number
}

export interface Posting {
  readonly source: Address
  readonly destination: Address
  /** Minor units, above 0. */
  readonly amount: bigint
  readonly asset: AssetText
  readonly code?: number
  readonly mode?: Mode
  readonly metadata?: Metadata
}

export interface CreateTransaction extends Naming {
  /** Decided in this order, all or nothing. */
  readonly postings: readonly Posting[]
  readonly openMissing?: boolean
}

export interface Transaction {
  readonly object: 'transaction'
  readonly id: Id
  readonly status: Created
  /** One per posting, in order. */
  readonly transfers: readonly Omit<Transfer, 'balances' | 'dryRun'>[]
  /** The transaction that this one takes back. */
  readonly reverses?: Id
  readonly metadata: Metadata
  readonly private?: ShownPrivate
  readonly effectiveAt: Time
  readonly timestamp: Time
  readonly sequence: bigint
  readonly requestId: string
  readonly reference?: string
  readonly balances: Readonly<Record<Address, Balances>>
  readonly dryRun?: true
}

export type HoldStatus = 'pending' | 'captured' | 'voided' | 'expired'

export interface Hold {
  readonly object: 'hold'
  readonly id: Id
  readonly status: HoldStatus
  readonly debitAccount: Address
  readonly creditAccount: Address
  /** Reserved at first, minor units. */
  readonly held: bigint
  readonly captured: bigint
  /** Still reserved. */
  readonly remaining: bigint
  readonly requestedAmount?: bigint
  readonly asset: AssetText
  readonly code: number
  readonly timeoutSeconds: number | null
  /** null = never. */
  readonly expiresAt: Time | null
  readonly closeDebitAccount?: boolean
  readonly closeCreditAccount?: boolean
  readonly metadata: Metadata
  readonly private?: ShownPrivate
  readonly effectiveAt: Time
  readonly timestamp: Time
  readonly sequence: bigint
  readonly requestId: string
  readonly reference?: string
  /** In answers to capture and void: the transfer that did it. */
  readonly transferId?: Id
  readonly balances: Readonly<Record<Address, Balances>>
  readonly dryRun?: true
}

export interface CreateHold extends Naming {
  readonly debitAccount: Address
  readonly creditAccount: Address
  /** Minor units, above 0. */
  readonly amount: bigint
  readonly asset: AssetText
  readonly code?: number
  /** Seconds until it is released by itself; 0 = never. */
  readonly timeoutSeconds?: number
  readonly mode?: Mode
  readonly openMissing?: boolean
  readonly closeDebitAccount?: boolean
  readonly closeCreditAccount?: boolean
}

export interface CaptureHold extends Naming {
  /** At most what remains; default: all of it. */
  readonly amount?: bigint
  /** `false` keeps the rest held. Default `true`. */
  readonly final?: boolean
}

/** Something that happened to a transfer later. */
export interface LaterEvent {
  readonly object: 'transfer_event'
  readonly kind: 'captured' | 'voided' | 'expired' | 'reversed'
  /** null: the hold expired by itself. */
  readonly transferId: Id | null
  /** Captured, released or moved back by it. */
  readonly amount: bigint
  /** Captured or moved back in all, this included. */
  readonly total: bigint
  readonly remaining: bigint
  readonly timestamp: Time
  readonly sequence: bigint
  /** null: nobody asked for an expiry. */
  readonly requestId: string | null
}

export interface PageQuery {
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
  readonly cursor?: string
}
