/** The answers to holds, captures and voids. */
import { formatId } from '@tallystick/contract'
import { TransferFlags } from '@tallystick/engine'
import { Memory, RecordCursor, TransferStatus } from '@tallystick/ledger'

import { readBody, referenceAt } from '../saved-body.ts'
import type { Answer, Render } from './answer.ts'
import { balancesAfterText } from './balances-after.ts'
import { accountOf, type Book, type Facts } from './book.ts'
import { holdText } from './hold.ts'
import { refusalFacts, refusedEvent, TRANSFER_FIELDS } from './refusal.ts'
import { originOf } from './transfer.ts'

const cursor = new RecordCursor(Memory.allocate(8))
const holdCursor = new RecordCursor(Memory.allocate(8))

export const holdAnswer: Render = (book, facts, { requestId, body }) => {
  const refused = refusedEvent(facts)
  if (refused < 0) {
    const record = facts.record(facts.count - 1, cursor)
    const text = newHoldText(book, record, { requestId, reference: body.reference, facts })
    const location = facts.dryRun ? undefined : locationOf(record.id)
    return { status: 201, text, location }
  }
  const record = facts.record(refused, cursor)
  if (refused === facts.count - 1 && record.status === TransferStatus.exists) {
    const { seen } = record
    const origin = originOf(book, seen)
    const reference = referenceAt(readBody(origin.body), origin.index)
    const first = book.reader.record(seen, cursor)
    const text = newHoldText(book, first, { requestId: origin.requestId, reference })
    return { status: 200, text, location: locationOf(first.id) }
  }
  return { problem: refusalFacts(book, facts, refused, { fields: TRANSFER_FIELDS, body }) }
}

/** Of captures and voids: the hold after it. */
export const resolvedHoldAnswer: Render = (book, facts, { body }) => {
  const refused = refusedEvent(facts)
  if (refused < 0) return resolved(book, facts.record(facts.count - 1, cursor), facts)
  const record = facts.record(refused, cursor)
  if (record.status === TransferStatus.exists) {
    return resolved(book, book.reader.record(record.seen, cursor), undefined)
  }
  return { problem: refusalFacts(book, facts, refused, { fields: TRANSFER_FIELDS, body }) }
}

function newHoldText(
  book: Book,
  record: RecordCursor,
  notes: { requestId: string; reference: string | undefined; facts?: Facts },
): string {
  return holdText(book, record, {
    ...notes,
    ...{ status: 'pending', captured: 0n, remaining: record.amount },
    balances: balancesOf(book, record, notes.facts),
  })
}

function resolved(book: Book, record: RecordCursor, facts: Facts | undefined): Answer {
  const isVoid = (record.flags & TransferFlags.voidPendingTransfer) !== 0
  const remaining = record.remainingAfter
  const hold = book.reader.record(record.pendingSequence, holdCursor)
  const origin = originOf(book, hold.sequence)
  const text = holdText(book, hold, {
    status: isVoid ? 'voided' : remaining > 0n ? 'pending' : 'captured',
    captured: record.capturedAfter,
    remaining,
    requestId: origin.requestId,
    reference: referenceAt(readBody(origin.body), origin.index),
    transferId: record.id,
    balances: balancesOf(book, record, facts),
    ...(facts === undefined ? {} : { facts }),
  })
  return { status: 200, text, location: locationOf(hold.id) }
}

function balancesOf(book: Book, record: RecordCursor, facts: Facts | undefined): string {
  const debit = accountOf(book, facts, record.debitSlot)
  return balancesAfterText(book, record, debit, accountOf(book, facts, record.creditSlot))
}

function locationOf(hold: bigint): string {
  return `/v1/holds/${formatId(hold)}`
}
