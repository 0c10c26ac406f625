/** The lists of TigerBeetle's client, over the chains of accounts and the book. */
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'

import { EngineError } from '../errors.ts'
import {
  type AccountFilter,
  AccountFilterFlags,
  type QueryFilter,
  QueryFilterFlags,
  type TotalsFilter,
} from '../filters.ts'
import type { Entry, EntryQuery } from '../history/queries.ts'
import { SCAN_SLICE, TOTALS_AT_ONCE_MAX } from '../limits.ts'
import type { LedgerReader, TotalsView } from '../reader.ts'
import type { AccountBalance, AccountView, TransferView } from '../views.ts'
import { checkLimit, type ReaderParts, served } from './book-reader.ts'

export interface QueryParts extends ReaderParts {
  readonly reader: LedgerReader
  readonly whenDurable: (sequence: number) => Promise<void>
}

export class Queries {
  readonly #parts: QueryParts
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(parts: QueryParts) {
    this.#parts = parts
  }

  async accountTransfers(filter: AccountFilter): Promise<TransferView[]> {
    const { reader } = this.#parts
    const found: TransferView[] = []
    for await (const entry of this.#entries(filter)) {
      const transfer = reader.transferBySequence(entry.sequence)
      if (transfer !== undefined) found.push(transfer)
    }
    await this.#durable()
    return found
  }

  async accountBalances(filter: AccountFilter): Promise<AccountBalance[]> {
    const found: AccountBalance[] = []
    for await (const { balances, timestamp } of this.#entries(filter)) {
      found.push({ ...balances, timestamp })
    }
    await this.#durable()
    return found
  }

  /** Entries that transfers made, up to the filter's limit. */
  async *#entries(filter: AccountFilter): AsyncGenerator<Entry> {
    const { ledger, indexes } = this.#parts
    const query = entryQuery(filter)
    const slot = ledger.read.findAccount(filter.accountId)
    let left = slot < 0 ? 0 : filter.limit
    let after: number | undefined
    while (left > 0) {
      const page = served(() => indexes.entries(slot, { ...query, after, limit: left }))
      for (const entry of page.entries) {
        // A release is an event of the ledger's own: no transfer.
        if (entry.kind === 'release') continue
        left--
        yield entry
      }
      after = page.next
      if (after === undefined) return
      await nextTurn()
    }
  }

  async accounts(filter: QueryFilter): Promise<AccountView[]> {
    const { reader } = this.#parts
    const range = checked(filter)
    const count = reader.accountCount
    const found: AccountView[] = []
    for (let step = 0; step < count && found.length < filter.limit; step++) {
      if (step % SCAN_SLICE === SCAN_SLICE - 1) await nextTurn()
      const slot = range.reversed ? count - 1 - step : step
      const account = reader.accountBySlot(slot)
      if (account === undefined || !matches(account, filter)) continue
      if (account.timestamp < range.min || account.timestamp > range.max) continue
      found.push(account)
    }
    await this.#durable()
    return found
  }

  async transfers(filter: QueryFilter): Promise<TransferView[]> {
    const { reader, book, ledger } = this.#parts
    const { min, max, reversed } = checked(filter)
    const through = ledger.lastSequence
    await this.#durable()
    const first = (min === 0n ? 0 : book.sequenceAt(min - 1n)) + 1
    // What was decided since is in no frame yet.
    const last = Math.min(book.sequenceAt(max), through)
    const found: TransferView[] = []
    let sequence = reversed ? last : first
    while (sequence >= first && sequence <= last && found.length < filter.limit) {
      const body = book.frameOf(sequence)
      // A frame at a time: its records lie side by side, and are read and checked at once.
      const end = reversed ? Math.max(first, body.firstSequence) : Math.min(last, body.lastSequence)
      const step = reversed ? -1 : 1
      for (; sequence !== end + step && found.length < filter.limit; sequence += step) {
        const record = body.point(sequence - body.firstSequence, this.#cursor)
        if (record.kind !== Operation.createTransfer || record.status !== 0) continue
        if (!matches(record, filter)) continue
        const transfer = reader.transferBySequence(sequence)
        if (transfer !== undefined) found.push(transfer)
      }
      await nextTurn()
    }
    return found
  }

  async totals(filter: TotalsFilter): Promise<readonly TotalsView[]> {
    const totals = this.#parts.indexes.totals(filter)
    while (!served(() => totals.step(TOTALS_AT_ONCE_MAX))) await nextTurn()
    const result = totals.result()
    await this.#durable()
    return result
  }

  #durable(): Promise<void> {
    return this.#parts.whenDurable(this.#parts.ledger.lastSequence)
  }
}

function matches(
  { asset, code }: { readonly asset: number; readonly code: number },
  filter: QueryFilter,
): boolean {
  if ((filter.asset ?? 0) !== 0 && asset !== filter.asset) return false
  return (filter.code ?? 0) === 0 || code === filter.code
}

/** @throws EngineError `invalid`. */
function entryQuery(filter: AccountFilter): Omit<EntryQuery, 'limit'> {
  const flags = filter.flags ?? AccountFilterFlags.debits | AccountFilterFlags.credits
  const { min, max } = times(filter)
  checkLimit(filter.limit)
  if (flags > 7 || (flags & 3) === 0) {
    throw new EngineError('invalid', 'flags must name debits, credits or both, and nothing unknown')
  }
  const direction = { 1: 'debit', 2: 'credit', 3: undefined } as const
  return {
    by: 'ledger',
    kind: 'all',
    from: min,
    to: max + 1n,
    direction: direction[(flags & 3) as 1 | 2 | 3],
    code: (filter.code ?? 0) === 0 ? undefined : filter.code,
    newestFirst: (flags & AccountFilterFlags.reversed) !== 0,
  }
}

/** @throws EngineError `invalid`. */
function checked(filter: QueryFilter): { min: bigint; max: bigint; reversed: boolean } {
  const flags = filter.flags ?? 0
  checkLimit(filter.limit)
  if (flags > 1) throw new EngineError('invalid', 'flags has unknown bits')
  return { ...times(filter), reversed: (flags & QueryFilterFlags.reversed) !== 0 }
}

const TIME_MAX = (1n << 64n) - 2n

/** @throws EngineError `invalid`. */
function times(filter: { timestampMin?: bigint; timestampMax?: bigint }): {
  min: bigint
  max: bigint
} {
  const min = filter.timestampMin ?? 0n
  const max =
    filter.timestampMax === undefined || filter.timestampMax === 0n ? TIME_MAX : filter.timestampMax
  if (min < 0n || min > max || max > TIME_MAX) {
    throw new EngineError('invalid', 'timestampMin must not be after timestampMax')
  }
  return { min, max }
}

/** Long lists let others run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
