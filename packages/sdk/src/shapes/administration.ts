/** Assets, closed books, saved requests, readiness. */
import type { Address, AssetText, Id, Moment, Time } from './values.ts'

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
  /** `created`, `changed`, `exists`, or the code of the refusal. */
  readonly status: string
  readonly id: Id | null
  readonly account?: Address
  readonly debitAccount?: Address
  readonly creditAccount?: Address
  readonly amount?: bigint
  readonly needed?: bigint
  readonly available?: bigint
  readonly limit?: bigint
}

export interface SavedRequest {
  readonly object: 'request'
  readonly id: string
  readonly status: 'pending' | 'done'
  /** Like `createTransfer`. */
  readonly operation: string
  readonly principal: string
  readonly keyId: string
  readonly source: string
  readonly initiator: string | null
  readonly idempotencyKey: string | null
  readonly receivedAt: Time
  /** SHA-256 of the parsed command, hex. */
  readonly digest: string
  /** As it was sent, in the names of the wire. */
  readonly body: unknown
  readonly recordCount: bigint
  readonly records: readonly LedgerRecord[]
}

export interface Readiness {
  readonly status: 'ready' | 'starting' | 'storage_full' | 'clock_jump' | 'failed' | 'draining'
  readonly accounts: bigint
  readonly sequence: bigint
  readonly durableSequence: bigint
  /** The background reader found damage in the journal. */
  readonly damaged: boolean
}
