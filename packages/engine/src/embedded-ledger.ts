/** The library's face of the engine: plain objects in, plain objects out. */
import { createHash } from 'node:crypto'

import type { AccessReader } from '@tallystick/access'
import type { RulesReader } from '@tallystick/rules'
import {
  type Command,
  NO_SUBTREE_LIMIT,
  Operation,
  type PackedBatch,
  type RecordCursor,
} from '@tallystick/ledger'

import type { Calls } from './calls.ts'
import type { Engine } from './engine.ts'
import { EngineError } from './errors.ts'
import type { AccountFilter, QueryFilter, TotalsFilter } from './filters.ts'
import type { Outcome } from './outcome.ts'
import type { LedgerReader, TotalsView } from './reader.ts'
import type { Attested, Attesting } from './proofs/attesting.ts'
import type { OpenedProofs } from './proofs/open-proofs.ts'
import type { ProofLog } from './proofs/proof-log.ts'
import type { Queries } from './reading/queries.ts'
import type { LedgerRequest } from './request.ts'
import type {
  CallOptions,
  EventResult,
  LedgerMetrics,
  LedgerState,
  NewAccount,
  NewTransfer,
  TallyLedger,
} from './tally-ledger.ts'
import type { AccountBalance, AccountView, TransferView } from './views.ts'

const NO_METADATA = new Uint8Array(0)

export class EmbeddedLedger implements TallyLedger {
  readonly reader: LedgerReader
  readonly #engine: Engine
  readonly #calls: Calls
  readonly #queries: Queries
  readonly #proofs: OpenedProofs | undefined
  readonly #attesting: Attesting | undefined
  readonly #onClosed: () => void
  #closing: Promise<void> | undefined

  constructor(parts: {
    engine: Engine
    reader: LedgerReader
    calls: Calls
    queries: Queries
    proofs: OpenedProofs | undefined
    attesting: Attesting | undefined
    onClosed: () => void
  }) {
    this.#engine = parts.engine
    this.reader = parts.reader
    this.#calls = parts.calls
    this.#queries = parts.queries
    this.#proofs = parts.proofs
    this.#attesting = parts.attesting
    this.#onClosed = parts.onClosed
  }

  get proofs(): ProofLog | undefined {
    return this.#proofs?.log
  }

  get access(): AccessReader {
    return this.#engine.parts.ledger.access
  }
  get rules(): RulesReader {
    return this.#engine.parts.ledger.rules
  }
  get state(): LedgerState {
    return this.#engine.sequencer.state
  }
  get lastSequence(): number {
    return this.#engine.parts.ledger.lastSequence
  }
  get durableSequence(): number {
    return this.#engine.sequencer.durableSequence
  }
  get journalId(): Uint8Array {
    return this.#engine.parts.journal.id
  }

  get durableTimestamp(): bigint {
    return this.#engine.sequencer.durableTimestamp
  }
  get lastTimestamp(): bigint {
    return this.#engine.parts.ledger.lastTimestamp
  }

  submit(request: LedgerRequest, done: (outcome: Outcome | EngineError) => void): void {
    this.#engine.sequencer.submit(request, done)
  }

  whenDurable(sequence: number): Promise<void> {
    return this.#engine.whenDurable(sequence)
  }

  createAccounts(accounts: readonly NewAccount[], options?: CallOptions): Promise<EventResult[]> {
    return this.applyCommands(accounts.map(accountCommand), options)
  }

  createTransfers(
    transfers: readonly NewTransfer[],
    options?: CallOptions,
  ): Promise<EventResult[]> {
    return this.applyCommands(transfers.map(transferCommand), options)
  }

  async applyCommands(
    commands: readonly Command[],
    options: CallOptions = {},
  ): Promise<EventResult[]> {
    return this.#calls.apply(commands, options)
  }

  async applyBatch(
    batch: PackedBatch,
    options: CallOptions = {},
    each?: (index: number, record: RecordCursor) => void,
  ): Promise<Uint8Array> {
    return this.#calls.applyBatch(batch, options, each)
  }

  async lookupAccounts(ids: readonly bigint[]): Promise<AccountView[]> {
    const found = ids.flatMap((id) => this.reader.account(id) ?? [])
    await this.whenDurable(this.lastSequence)
    return found
  }

  async lookupTransfers(ids: readonly bigint[]): Promise<TransferView[]> {
    const found = ids.flatMap((id) => this.reader.transfer(id) ?? [])
    await this.whenDurable(this.lastSequence)
    return found
  }

  accountTransfers(filter: AccountFilter): Promise<TransferView[]> {
    return this.#queries.accountTransfers(filter)
  }

  accountBalances(filter: AccountFilter): Promise<AccountBalance[]> {
    return this.#queries.accountBalances(filter)
  }

  queryAccounts(filter: QueryFilter): Promise<AccountView[]> {
    return this.#queries.accounts(filter)
  }

  queryTransfers(filter: QueryFilter): Promise<TransferView[]> {
    return this.#queries.transfers(filter)
  }

  totals(filter: TotalsFilter): Promise<readonly TotalsView[]> {
    return this.#queries.totals(filter)
  }

  contentHash(): Promise<string> {
    return this.#engine.atRest(({ read }) => hashOf(read.contentBytes()))
  }

  stateHash(): Promise<string> {
    return this.#engine.atRest(({ read }) => hashOf(read.stateBytes()))
  }

  snapshot(): Promise<number> {
    return this.#engine.snapshot()
  }

  async attestAccounts(): Promise<Attested> {
    if (this.#attesting !== undefined) return this.#attesting.now()
    throw new EngineError('invalid', 'the ledger was opened without a proof log')
  }

  confirmClock(): void {
    this.#engine.sequencer.confirmClock()
  }

  metrics(): LedgerMetrics {
    const { sequencer, parts, snapshotter } = this.#engine
    const { groups, inline, bytes } = sequencer.written
    return {
      accounts: parts.ledger.read.accountCount,
      transfers: parts.ledger.read.transferCount,
      lastSequence: this.lastSequence,
      durableSequence: this.durableSequence,
      queuedRequests: sequencer.queued.requests,
      queuedBytes: sequencer.queued.bytes,
      groups,
      groupsInline: inline,
      journalBytes: parts.journal.report.bytes + bytes,
      idsInMemory: parts.ledger.idCount(),
      snapshots: snapshotter?.made ?? 0,
      snapshotSequence: snapshotter?.sequence ?? 0,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => this.#onClosed())
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#attesting?.stop()
    try {
      await this.#engine.close()
    } finally {
      await this.#proofs?.proving.close()
    }
  }
}

function hashOf(pieces: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

function accountCommand(account: NewAccount): Command {
  return {
    operation: Operation.createAccount,
    id: account.id,
    address: account.address ?? '',
    asset: account.asset,
    code: account.code,
    flags: account.flags ?? 0,
    parent: account.parent ?? 0n,
    limit: account.limit ?? 0n,
    subtreeLimit: account.subtreeLimit ?? NO_SUBTREE_LIMIT,
    metadata: account.metadata ?? NO_METADATA,
  }
}

function transferCommand(transfer: NewTransfer): Command {
  return {
    operation: Operation.createTransfer,
    id: transfer.id,
    debitAccountId: transfer.debitAccountId ?? 0n,
    creditAccountId: transfer.creditAccountId ?? 0n,
    amount: transfer.amount ?? 0n,
    pendingId: transfer.pendingId ?? 0n,
    timeout: transfer.timeout ?? 0,
    asset: transfer.asset ?? 0,
    code: transfer.code ?? 0,
    flags: transfer.flags ?? 0,
    effectiveAt: transfer.effectiveAt ?? 0n,
    metadata: transfer.metadata ?? NO_METADATA,
  }
}
