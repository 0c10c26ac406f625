/** What reading shows: accounts, transfers, entries and events as plain objects. Amounts and times are bigint, times ns since 1970. */
import type { Operation } from '@tallystick/ledger'

import type { Balances, EntryKind } from './history/queries.ts'

export interface AccountView extends Balances {
  readonly id: bigint
  /** '' for accounts that are known by their id alone. */
  readonly address: string
  readonly asset: number
  readonly code: number
  /** `AccountFlags`, as they are now: `closed` comes and goes. */
  readonly flags: number
  /** 0 = none. */
  readonly parent: bigint
  readonly limit: bigint
  /** `NO_SUBTREE_LIMIT` = none. */
  readonly subtreeLimit: bigint
  /** Credits posted − debits posted; may be negative. */
  readonly balance: bigint
  /** What the account's own flag, limit and open holds still allow to be taken; undefined: no flag limits it. */
  readonly available: bigint | undefined
  readonly metadata: Uint8Array
  /** When it was opened. */
  readonly timestamp: bigint
  /** Sequence of the event that opened it. */
  readonly sequence: number
  /** Links of its chain: posted, held, released, voided alike. */
  readonly entryCount: bigint
  /** Sequence of its newest entry; 0 = none. */
  readonly newestSequence: number
  /** Place of the account in order of opening, from 0. Never leaves the machine: it means nothing elsewhere. */
  readonly slot: number
  /** Totals of what crosses its subtree's boundary; undefined: it has neither a child nor ever had a subtree limit. */
  readonly subtree: Balances | undefined
}

/** `posted` also for posts, reversals and voids themselves: they are done. */
export type TransferState = 'posted' | 'pending' | 'captured' | 'voided' | 'expired'

export interface TransferView {
  readonly id: bigint
  readonly debitAccountId: bigint
  readonly creditAccountId: bigint
  /** What was moved, held or released. */
  readonly amount: bigint
  /** What was asked, where it is not what was moved (balancing, posts of all that remains). */
  readonly requested: bigint
  /** Of a post, void or reversal: what it refers to; 0 = nothing. */
  readonly pendingId: bigint
  /** Seconds; 0 = none. */
  readonly timeout: number
  readonly asset: number
  readonly code: number
  /** `TransferFlags`, as asked. */
  readonly flags: number
  /** A post or void without its own shows its hold's. */
  readonly metadata: Uint8Array
  /** Value date: as asked, or the timestamp. */
  readonly effectiveAt: bigint
  readonly timestamp: bigint
  readonly sequence: number
  readonly state: TransferState
  /** Of a hold: captured so far. Of another transfer: 0. */
  readonly captured: bigint
  /** Of a hold: still held. Of another transfer: 0. */
  readonly remaining: bigint
  /** Of a transfer that can be reversed: reversed so far. */
  readonly reversed: bigint
  /** Of a hold with a timeout: when it is released; 0 = never. */
  readonly deadline: bigint
  /** The two accounts' balances right after it. */
  readonly debitAfter: Balances
  readonly creditAfter: Balances
}

/** What a limit said when it refused. */
export interface RefusalView {
  readonly account: bigint
  readonly address: string
  readonly needed: bigint
  readonly available: bigint
  readonly limit: bigint
}

/** One decided event: what a command came to, or a release. */
export interface EventView {
  readonly sequence: number
  readonly timestamp: bigint
  readonly operation: Operation
  /** A number of the operation's status table. */
  readonly status: number
  /** The command's id (account, transfer), or the released hold's; 0 for assets. */
  readonly id: bigint
  readonly refusal: RefusalView | undefined
}

/** One numbered link of an account's chain. */
export interface EntryView {
  /** The account. */
  readonly account: bigint
  /** From 1, without a gap, in ledger order. */
  readonly number: number
  readonly sequence: number
  readonly timestamp: bigint
  readonly effectiveAt: bigint
  readonly kind: EntryKind
  /** The side that this account was on. */
  readonly direction: 'debit' | 'credit'
  /** Moved, held or released by the event: see `kind`. */
  readonly amount: bigint
  /** Change of that direction's posted total; never negative. */
  readonly posted: bigint
  /** Change of that direction's pending total; negative when a hold ends. */
  readonly pending: bigint
  /** After the entry, in the order of the list: by ledger or by effective time. */
  readonly balances: Balances
  /** Credits posted − debits posted of `balances`. */
  readonly balance: bigint
  /** The transfer that made it; of a release: the hold. */
  readonly transferId: bigint
  /** The hold or the reversed transfer that it refers to; 0 = none. */
  readonly pendingId: bigint
  readonly counterparty: bigint
  readonly counterpartyAddress: string
  readonly code: number
  readonly asset: number
  /** Of the transfer, or inherited from its hold. */
  readonly metadata: Uint8Array
}

/** An event that refers to a transfer: it captured, voided or released the hold, or moved back what was moved. */
export interface LaterEvent {
  readonly sequence: number
  readonly timestamp: bigint
  /** Of the transfer; of a release: the hold's. */
  readonly id: bigint
  readonly operation: number
  /** `TransferFlags`. */
  readonly flags: number
  /** Captured, voided, released or reversed by it. */
  readonly amount: bigint
  /** Captured or reversed in all, this one included. */
  readonly captured: bigint
  /** Still held, or not reversed yet. */
  readonly remaining: bigint
}

export interface LaterEventList {
  /** Newest first. */
  readonly events: readonly LaterEvent[]
  /** `after` of the next page; undefined: the list is complete. A page can be short, even empty, and still have a next one. */
  readonly next: number | undefined
}

/** TigerBeetle's AccountBalance: the four balances after one transfer. */
export interface AccountBalance extends Balances {
  readonly timestamp: bigint
}
