/** Turns the loaded link of a chain into an entry: what kind it is and what it changed. */
import { MovedForm, Operation, type RecordCursor, TransferFlags } from '@tallystick/ledger'

import { balancesAfter, type Change, type Direction } from './balances.ts'
import type { Chain } from './chain.ts'
import type { Balances, Entry, EntryKind, EntryQuery } from './queries.ts'
import type { HistorySource } from './source.ts'

const NO_METADATA = new Uint8Array(0)

/** Sequence of the hold whose metadata an event shows; 0: it shows its own. */
export function inheritedFrom(record: RecordCursor): number {
  const isInherited =
    record.kind === Operation.releaseHold || (record.form & MovedForm.inheritedMetadata) !== 0
  return isInherited ? record.pendingSequence : 0
}

function kindOf(record: RecordCursor): EntryKind {
  if (record.kind === Operation.releaseHold) return 'release'
  const { flags } = record
  if ((flags & TransferFlags.postPendingTransfer) !== 0) return 'capture'
  if ((flags & TransferFlags.voidPendingTransfer) !== 0) return 'void'
  if ((flags & TransferFlags.pending) !== 0) return 'hold'
  return (flags & TransferFlags.reversal) === 0 ? 'transfer' : 'reversal'
}

/**
 * What the event changed on the side of an account that is its entry's.
 * @param before reads the entry before into a cursor of its own: a capture that ends a hold does not say itself how much it released.
 */
export function changeOf(
  record: RecordCursor,
  direction: Direction,
  before: () => Balances,
): Change {
  const { amount } = record
  switch (kindOf(record)) {
    case 'transfer':
    case 'reversal':
      return { direction, posted: amount, pending: 0n }
    case 'hold':
      return { direction, posted: 0n, pending: amount }
    case 'void':
    case 'release':
      return { direction, posted: 0n, pending: -amount }
    case 'capture': {
      if ((record.flags & TransferFlags.partial) !== 0) {
        return { direction, posted: amount, pending: -amount }
      }
      const key = direction === 'debit' ? 'debitsPending' : 'creditsPending'
      const after = balancesAfter(record, direction)
      return { direction, posted: amount, pending: after[key] - before()[key] }
    }
  }
}

/** The balances before the entry of a record: those of the entry before, read through `cursor`. */
export function balancesBefore(
  source: HistorySource,
  entry: { readonly slot: number; readonly previous: number },
  cursor: RecordCursor,
): Balances {
  source.read(entry.previous, cursor)
  return balancesAfter(cursor, cursor.debitSlot === entry.slot ? 'debit' : 'credit')
}

/** What the loaded entry of a chain changed. @param cursor scratch. */
export function changeAt(chain: Chain, source: HistorySource, cursor: RecordCursor): Change {
  const { record, direction, slot } = chain
  return changeOf(record, direction, () => {
    chain.reads++
    return balancesBefore(source, { slot, previous: chain.previous }, cursor)
  })
}

/** The loaded entry of a chain. */
export function entryAt(chain: Chain, change: Change, balances: Balances): Entry {
  const { record, direction, number } = chain
  return {
    ...{ number, sequence: record.sequence, timestamp: record.timestamp },
    effectiveAt: record.effectiveAt,
    kind: kindOf(record),
    code: record.code,
    amount: record.amount,
    ...change,
    transferId: record.id,
    pendingId: record.pendingId,
    asset: record.asset,
    metadata: record.metadataLength === 0 ? NO_METADATA : record.metadata.slice(),
    metadataFrom: inheritedFrom(record),
    counterparty: direction === 'debit' ? record.creditSlot : record.debitSlot,
    balances,
  }
}

/** Whether an entry is one of those asked for, whatever its time. */
export function passes(entry: Entry, { direction, code, kind }: EntryQuery): boolean {
  if (direction !== undefined && entry.direction !== direction) return false
  if (code !== undefined && entry.code !== code) return false
  return kind === 'all' || entry.posted > 0n
}
