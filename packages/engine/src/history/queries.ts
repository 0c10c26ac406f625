/** The questions that an account's history answers, and the shapes of the answers. Times are ns since 1970. */

/** `ledger`: in the order of decision. `effective`: by value date; ties go by sequence. */
export type TimeOrder = 'ledger' | 'effective'

/** An account's four totals, minor units. */
export interface Balances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export interface PastBalance {
  readonly balances: Balances
  /** What the account's own flag and the limit of that moment allowed to be taken; undefined without a flag, and by effective time. */
  readonly available: bigint | undefined
  /** The limit at that moment; undefined by effective time: limits know ledger order only. */
  readonly limit: bigint | undefined
  /** Number of the newest entry that counts in ledger order; 0 = none. By effective time: how many entries count. */
  readonly entryCount: number
  /** Sequence of that entry; 0 = none, and by effective time. */
  readonly newestSequence: number
  /** Whether the account was open at that moment. By effective time dates before the opening count too. */
  readonly existed: boolean
}

/** What an entry did. */
export type EntryKind = 'transfer' | 'reversal' | 'hold' | 'capture' | 'void' | 'release'

export interface Entry {
  /** From 1, without a gap, in ledger order. */
  readonly number: number
  readonly sequence: number
  readonly timestamp: bigint
  readonly effectiveAt: bigint
  /** The side of the record that this account is on. */
  readonly direction: 'debit' | 'credit'
  readonly kind: EntryKind
  readonly code: number
  /** Moved, held or released by the event: see `EntryKind`. */
  readonly amount: bigint
  /** Change of that direction's posted total; never negative. */
  readonly posted: bigint
  /** Change of that direction's pending total; negative when a hold ends. */
  readonly pending: bigint
  readonly transferId: bigint
  /** The hold or the reversed transfer that it refers to; 0 = none. */
  readonly pendingId: bigint
  /** Slot of the account on the other side. */
  readonly counterparty: number
  readonly asset: number
  /** Its own. A copy. */
  readonly metadata: Uint8Array
  /** Sequence of the hold whose metadata it shows; 0: it shows its own. */
  readonly metadataFrom: number
  /** After the entry, in the order of the list: ledger order or effective order. */
  readonly balances: Balances
}

export interface EntryQuery {
  readonly by: TimeOrder
  /** Only entries at or after this moment. */
  readonly from?: bigint | undefined
  /** Only entries before this moment. */
  readonly to?: bigint | undefined
  readonly direction?: 'debit' | 'credit' | undefined
  readonly code?: number | undefined
  /** `posted`: entries that changed posted balances. `all`: every link of the chain. */
  readonly kind: 'posted' | 'all'
  readonly newestFirst: boolean
  /** Goes on behind the entry of that number: `next` of the page before. */
  readonly after?: number | undefined
  /** The most entries of the page. */
  readonly limit: number
}

export interface EntryPage {
  readonly entries: readonly Entry[]
  /**
   * Cursor of the next page; undefined when the list is complete. A page can be short, even empty, and still have
   * one: filters that let little pass end a call after `HISTORY_READS_MAX` records.
   */
  readonly next: number | undefined
}
