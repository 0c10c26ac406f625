/**
 * What the walks along an account's chain ask of the engine: records by sequence, the place of a moment in the
 * log, and what an account's row says now. All of it synchronous; `read` may read the disk.
 */
import type { RecordCursor } from '@tallystick/ledger'

/** The part of an account's state that its history needs. `AccountState` of the ledger and its `AccountStanding` fit. */
export interface HistoryAccount {
  /** `AccountFlags`. */
  readonly flags: number
  /** Now. */
  readonly limit: bigint
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  /** When it was opened, ns. */
  readonly timestamp: bigint
  readonly entryCount: number | bigint
  /** Sequence of its newest entry; 0 = none. */
  readonly newestSequence: number
}

/** Reading ahead. */
export interface SourceAhead {
  /** Reads so far that had to wait for the disk. */
  readonly slowReads: number
  /** Brings a record near, so that `read` does not wait. Never fails. False: there is nothing to read from any more. */
  fetch(sequence: number): Promise<boolean>
}

export interface HistorySource {
  /**
   * Points `cursor` at the record of that sequence, with its timestamp. Only one record per cursor has to stay
   * readable: the walks use a few cursors of their own at a time and never keep one across two calls from outside.
   * @throws whatever the journal throws when the bytes are not what was written.
   */
  read(sequence: number, cursor: RecordCursor): void
  /** Newest sequence whose timestamp is at or before `at` (ns); 0 = none. */
  sequenceAt(at: bigint): number
  account(slot: number): HistoryAccount
  /** For one page. Undefined: no read has to wait. */
  ahead?(): SourceAhead | undefined
}
