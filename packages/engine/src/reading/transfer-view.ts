/** Transfers and events as readers see them: a record, and what became of it later. */
import {
  type Ledger,
  Memory,
  NANOSECONDS_PER_SECOND,
  Operation,
  RecordCursor,
  TransferFlags,
} from '@tallystick/ledger'

import type { Book } from '../book.ts'
import { inheritedFrom } from '../history/entry-of.ts'
import type { Balances } from '../history/queries.ts'
import type { EventView, RefusalView, TransferState, TransferView } from '../views.ts'

interface Later {
  readonly state: TransferState
  readonly captured: bigint
  readonly remaining: bigint
  readonly reversed: bigint
  readonly deadline: bigint
}

const NOTHING_LATER: Later = {
  state: 'posted',
  captured: 0n,
  remaining: 0n,
  reversed: 0n,
  deadline: 0n,
}

export class TransferReader {
  readonly #ledger: Ledger
  readonly #book: Book
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  readonly #other = new RecordCursor(Memory.allocate(8))

  constructor(ledger: Ledger, book: Book) {
    this.#ledger = ledger
    this.#book = book
  }

  /** The created transfer of that sequence; undefined: it is something else. */
  transfer(sequence: number): TransferView | undefined {
    const record = this.#book.record(sequence, this.#cursor)
    if (record.kind !== Operation.createTransfer || record.status !== 0) return undefined
    const { read } = this.#ledger
    return {
      id: record.id,
      debitAccountId: read.accountId(record.debitSlot),
      creditAccountId: read.accountId(record.creditSlot),
      amount: record.amount,
      requested: record.requested,
      pendingId: record.pendingId,
      timeout: record.timeout,
      asset: record.asset,
      code: record.code,
      flags: record.flags,
      effectiveAt: record.effectiveAt,
      timestamp: record.timestamp,
      sequence,
      debitAfter: balancesAfter(record, 'debit'),
      creditAfter: balancesAfter(record, 'credit'),
      ...this.#later(record),
      // Last: it may read another record.
      metadata: this.metadata(record),
    }
  }

  /** The event's metadata: its own, or what it inherits from its hold. A copy. */
  metadata(record: RecordCursor): Uint8Array {
    const from = record.moved ? inheritedFrom(record) : 0
    return from === 0 ? record.metadata.slice() : this.metadataOf(from)
  }

  /** The metadata that an event has itself. A copy. */
  metadataOf(sequence: number): Uint8Array {
    return this.#book.record(sequence, this.#other).metadata.slice()
  }

  #later(record: RecordCursor): Later {
    const { sequence, timestamp, timeout } = record
    const isHold = (record.flags & TransferFlags.pending) !== 0
    if (!isHold) return { ...NOTHING_LATER, reversed: this.#touch(sequence)?.capturedAfter ?? 0n }
    const deadline = timeout === 0 ? 0n : timestamp + BigInt(timeout) * NANOSECONDS_PER_SECOND
    const open = this.#ledger.read.openHold(sequence)
    if (open !== undefined) {
      const { captured, remaining } = open
      return { ...NOTHING_LATER, state: 'pending', captured, remaining, deadline }
    }
    const resolved = this.#touch(sequence)
    const captured = resolved?.capturedAfter ?? 0n
    return { ...NOTHING_LATER, state: resolvedAs(resolved), captured, deadline }
  }

  /** The newest event that posted, voided, released or reversed it. */
  #touch(sequence: number): RecordCursor | undefined {
    const touch = this.#ledger.touchOf(sequence)
    return touch === 0 ? undefined : this.#book.record(touch, this.#other)
  }

  event(sequence: number): EventView {
    const record = this.#book.record(sequence, this.#cursor)
    return {
      sequence,
      timestamp: record.timestamp,
      operation: record.kind as Operation,
      status: record.status,
      id: record.id,
      refusal: this.refusal(record),
    }
  }

  /** What a limit said when it refused. */
  refusal(record: RecordCursor): RefusalView | undefined {
    const { refusal } = record
    if (refusal === undefined) return undefined
    const { account, needed, available, limit } = refusal
    const { read } = this.#ledger
    const slot = read.findAccount(account)
    return {
      account,
      // It may have been opened in a chain that was undone: then no account has it now.
      address: slot < 0 ? '' : read.addressOf(slot),
      needed,
      available,
      limit,
    }
  }
}

function resolvedAs(resolved: RecordCursor | undefined): TransferState {
  if (resolved?.kind === Operation.releaseHold) return 'expired'
  return ((resolved?.flags ?? 0) & TransferFlags.voidPendingTransfer) === 0 ? 'captured' : 'voided'
}

function balancesAfter(record: RecordCursor, side: 'debit' | 'credit'): Balances {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = record.side(side)
  return { debitsPending, debitsPosted, creditsPending, creditsPosted }
}
