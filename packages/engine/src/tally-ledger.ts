/**
 * The embedded ledger: what `openLedger` gives. The server is built on the same. All of it runs on the thread that
 * opened it; writes are answered when they are durable, reads show nothing that is not.
 */
import type { AccessReader } from '@tallystick/access'
import type { Command, RecordCursor } from '@tallystick/ledger'
import type { RulesReader } from '@tallystick/rules'

import type { EngineError } from './errors.ts'
import type { AccountFilter, QueryFilter, TotalsFilter } from './filters.ts'
import type { Outcome } from './outcome.ts'
import type { Attested } from './proofs/attesting.ts'
import type { ProofLog } from './proofs/proof-log.ts'
import type { LedgerReader, TotalsView } from './reader.ts'
import type { Envelope, Lane, LedgerRequest } from './request.ts'
import type { AccountBalance, AccountView, TransferView } from './views.ts'

/** A new account; what is left out is 0, '' or none. */
export interface NewAccount {
  readonly id: bigint
  readonly asset: number
  readonly code: number
  readonly address?: string
  /** `AccountFlags`. */
  readonly flags?: number
  readonly parent?: bigint
  readonly limit?: bigint
  readonly subtreeLimit?: bigint
  readonly metadata?: Uint8Array
}

/** A new transfer; what is left out is 0 or none. */
export interface NewTransfer {
  readonly id: bigint
  readonly debitAccountId?: bigint
  readonly creditAccountId?: bigint
  readonly amount?: bigint
  readonly pendingId?: bigint
  /** Seconds. */
  readonly timeout?: number
  readonly asset?: number
  readonly code?: number
  /** `TransferFlags`. */
  readonly flags?: number
  /** Value date, ns since 1970. */
  readonly effectiveAt?: bigint
  readonly metadata?: Uint8Array
}

export interface EventResult {
  /** `AccountStatus`, `TransferStatus` or the table of the command's operation; 0 = done. */
  readonly status: number
  /** ns since 1970. Of `exists`: when the first one was created. */
  readonly timestamp: bigint
  readonly sequence: number
}

/** Who asks, for calls of the library; what is left out is empty. */
export interface CallOptions extends Partial<Envelope> {
  /** The first answer again when it was used before with the same commands; at most 255 characters. */
  readonly key?: string
  /** Default: interactive for up to 100 commands, bulk above. */
  readonly lane?: Lane
  readonly dryRun?: boolean
  /** All or nothing: the commands become one chain. */
  readonly atomic?: boolean
}

export interface LedgerMetrics {
  readonly accounts: number
  /** Created ones; holds, captures, voids and reversals are transfers too. */
  readonly transfers: number
  readonly lastSequence: number
  readonly durableSequence: number
  readonly queuedRequests: number
  readonly queuedBytes: number
  /** Frames written, and how many of them on the main thread. */
  readonly groups: number
  readonly groupsInline: number
  readonly journalBytes: number
  /** Ids in memory, not yet in a sealed run. */
  readonly idsInMemory: number
  readonly snapshots: number
  /** 0 = none yet. */
  readonly snapshotSequence: number
}

/**
 * `open`: all works. `storage_full` and `clock_jump`: reads go on, writes are refused; the first mends itself, the
 * second with `confirmClock`. `failed`: a write or sync failed; restart. `closed`.
 */
export type LedgerState = 'open' | 'storage_full' | 'clock_jump' | 'failed' | 'closed'

export interface TallyLedger {
  /** 16 bytes: of the journal, for its whole life; a copy or a restored backup has the same. */
  readonly journalId: Uint8Array
  readonly state: LedgerState
  /** Newest decided event; 0 = none. */
  readonly lastSequence: number
  /** Newest event that a loss of power cannot take. */
  readonly durableSequence: number
  /** Ledger time of the newest event, ns. */
  readonly lastTimestamp: bigint
  /** Ledger time of `durableSequence`, ns. */
  readonly durableTimestamp: bigint
  /** Synchronous reading of what is decided; wait with `whenDurable(lastSequence)` before showing it to anyone. */
  readonly reader: LedgerReader
  /** Who may do what, as of the newest decided event. The library itself asks nobody. */
  readonly access: AccessReader
  /** The rules of the log, as of the newest decided event. Who evaluates them is another. */
  readonly rules: RulesReader
  /** undefined: it was opened without. */
  readonly proofs: ProofLog | undefined

  /**
   * Asks for commands. `done` is called once, later: with the outcome when it is durable, or with why not. The outcome's
   * records may be read only until `done` returns.
   */
  submit(request: LedgerRequest, done: (outcome: Outcome | EngineError) => void): void
  /** Resolves once `sequence` is decided and durable, be it now or in the future. Rejects with EngineError. */
  whenDurable(sequence: number): Promise<void>

  /** One result per account, in order. More than 8,190 are sent as several requests. @throws MalformedCommand, EngineError */
  createAccounts(accounts: readonly NewAccount[], options?: CallOptions): Promise<EventResult[]>
  createTransfers(transfers: readonly NewTransfer[], options?: CallOptions): Promise<EventResult[]>
  /** Any mix of commands. */
  applyCommands(commands: readonly Command[], options?: CallOptions): Promise<EventResult[]>
  /**
   * A packed binary batch, already checked (`checkBatch`). `each` sees every record in place while it is valid;
   * returns the statuses, one byte per command.
   */
  applyBatch(
    batch: LedgerRequest['batch'],
    options?: CallOptions,
    each?: (index: number, record: RecordCursor) => void,
  ): Promise<Uint8Array>

  /** Those that exist, in the order asked. */
  lookupAccounts(ids: readonly bigint[]): Promise<AccountView[]>
  /** Those that were created (not refused), in the order asked. */
  lookupTransfers(ids: readonly bigint[]): Promise<TransferView[]>
  accountTransfers(filter: AccountFilter): Promise<TransferView[]>
  accountBalances(filter: AccountFilter): Promise<AccountBalance[]>
  queryAccounts(filter: QueryFilter): Promise<AccountView[]>
  queryTransfers(filter: QueryFilter): Promise<TransferView[]>

  /**
   * Totals by address segments and asset. Up to 131,072 accounts all of one moment; more are added up in steps between which work goes on,
   * each account as it is when its turn comes.
   */
  totals(filter: TotalsFilter): Promise<readonly TotalsView[]>
  /** SHA-256, hex, of the canonical content: equal for equal books however they came about. Takes time for large books. */
  contentHash(): Promise<string>
  /** SHA-256, hex, of the whole state: equal for equal logs, on any machine. */
  stateHash(): Promise<string>
  /** Writes a snapshot; resolves with its sequence. In memory mode without a proof log: does nothing. */
  snapshot(): Promise<number>
  /**
   * States the root of the tree over all accounts in the log (docs/decisions/0014); several who ask at once share one. When nothing happened since
   * the newest statement, gives that one. @throws EngineError `invalid` without a proof log, or before the first event
   */
  attestAccounts(): Promise<Attested>
  /** The operator says that the wall clock is right: writes go on. */
  confirmClock(): void
  metrics(): LedgerMetrics
  /** Answers what waits, writes a snapshot and closes the files. */
  close(): Promise<void>
}
