/**
 * What became of a transfer: captures, voids and the expiry of a hold, reversals of what moved. The newest is known by its hold; those
 * before lie in the chains of both accounts, of which the shorter one is walked.
 */
import type { Ledger, RecordCursor } from '@tallystick/ledger'

import type { Book } from '../book.ts'
import { Chain } from '../history/chain.ts'
import { LedgerHistory } from '../ledger-history.ts'
import { LATER_LOOKED_AT_MAX } from '../limits.ts'
import type { LaterEvent, LaterEventList } from '../views.ts'

export interface LaterParts {
  readonly ledger: Ledger
  readonly book: Book
  readonly cursor: RecordCursor
}

/** @param sequence of the transfer. @param after `next` of the page before. */
export function laterEvents(
  parts: LaterParts,
  sequence: number,
  { after, limit }: { readonly after?: number | undefined; readonly limit: number },
): LaterEventList {
  const newest = parts.ledger.touchOf(sequence)
  if (newest === 0) return { events: [], next: undefined }
  const chain = shorterChain(parts, newest)
  const events: LaterEvent[] = []
  let at = after === undefined ? newest : chain.newestUpTo(after - 1)
  for (let looked = 1; at > sequence; looked++) {
    const record = chain.load(at)
    if (record.pendingSequence === sequence) {
      events.push({
        sequence: at,
        timestamp: record.timestamp,
        id: record.id,
        operation: record.kind,
        flags: record.flags,
        amount: record.amount,
        captured: record.capturedAfter,
        remaining: record.remainingAfter,
      })
    }
    const isEnough = events.length >= limit || looked >= LATER_LOOKED_AT_MAX
    if (isEnough && chain.previous > sequence) return { events, next: at }
    at = chain.previous
  }
  return { events, next: undefined }
}

/** Of the two accounts that an event moved. */
function shorterChain(parts: LaterParts, sequence: number): Chain {
  const { debitSlot, creditSlot } = parts.book.record(sequence, parts.cursor)
  const source = new LedgerHistory(parts.ledger, parts.book)
  const debit = new Chain(source, debitSlot)
  const credit = new Chain(source, creditSlot)
  return debit.account.entryCount <= credit.account.entryCount ? debit : credit
}
