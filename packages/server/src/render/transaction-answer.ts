/** The answers to transactions and their reversals. */
import { formatRequestId, type ProblemCode } from '@tallystick/contract'
import { type SavedRequest, TransferFlags } from '@tallystick/engine'
import { Memory, RecordCursor, RefusedField, TransferStatus } from '@tallystick/ledger'

import { readBody, type SavedBody, type SavedTransaction } from '../saved-body.ts'
import type { Answer, Render } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { type Fields, refusalFacts, refusedEvent } from './refusal.ts'
import { transactionLocation, transactionText } from './transaction.ts'

const cursor = new RecordCursor(Memory.allocate(8))
const other = new RecordCursor(Memory.allocate(8))

export function transactionAnswer(kind: 'postings' | 'reversal'): Render {
  return (book, facts, { requestId, body }) => {
    const saved = body.transaction ?? { at: 0, count: facts.count }
    const refused = refusedEvent(facts)
    if (refused < 0) {
      const { id } = facts.record(saved.at, cursor)
      const notes = { requestId, saved, reference: body.reference }
      const text = transactionText(book, facts, { status: 'created', ...notes })
      return { status: 201, text, location: facts.dryRun ? undefined : transactionLocation(id) }
    }
    if (refused === saved.at && facts.status(refused) === TransferStatus.exists) {
      return earlier(book, facts, saved)
    }
    const fields = fieldsOf(kind, refused - saved.at)
    return { problem: refusalFacts(book, facts, refused, { fields, body }) }
  }
}

function fieldsOf(kind: 'postings' | 'reversal', posting: number): Fields {
  const names = { debit: 'source', credit: 'destination', subject: 'id', name: 'id' }
  const at = kind === 'postings' && posting >= 0 ? `postings[${posting}].` : ''
  return { at, ...names }
}

/** The first posting's id was there: the whole transaction is, or another one has its name. */
function earlier(book: Book, facts: Facts, asked: SavedTransaction): Answer {
  const { seen } = facts.record(asked.at, cursor)
  const found = transactionAt(book, seen)
  const difference = found === undefined ? 'flags' : differenceOf(book, facts, asked, found)
  if (found !== undefined && difference === undefined) {
    const { facts: first, saved, body, requestId } = found
    const text = transactionText(book, first, {
      ...{ status: 'exists', requestId, saved, reference: body.reference },
    })
    return { status: 200, text, location: transactionLocation(first.record(saved.at, cursor).id) }
  }
  const code: ProblemCode = `exists_with_different_${difference ?? 'flags'}`
  const detail = 'A transaction of this id or reference has other postings.'
  return { problem: { code, param: 'postings', detail } }
}

export interface FoundTransaction {
  readonly facts: Facts
  readonly saved: SavedTransaction
  readonly body: SavedBody
  readonly requestId: string
}

/** The transaction whose first posting is that event. */
export function transactionAt(book: Book, sequence: number): FoundTransaction | undefined {
  const request = book.reader.requestOf(sequence)
  if (request === undefined) return undefined
  const body = readBody(request.envelope.body)
  const index = sequence - request.firstSequence
  const candidates = [...(body.transactions ?? []), ...(body.transaction ? [body.transaction] : [])]
  const saved = candidates.find(({ at }) => at === index)
  if (saved === undefined) return undefined
  const requestId = formatRequestId(request.envelope.requestId)
  const reference = body.references?.[index] ?? body.reference
  const own = reference === undefined ? {} : { reference }
  return { facts: factsOf(request), saved, body: own, requestId }
}

export function factsOf(request: SavedRequest): Facts {
  return {
    dryRun: false,
    firstSequence: request.firstSequence,
    firstTimestamp: request.firstTimestamp,
    count: request.count,
    saved: request.envelope,
    status: (index) => request.status(index),
    record: (index, into) => request.record(index, into),
  }
}

type Difference = 'flags' | 'amount' | 'asset' | 'code' | 'metadata' | 'effective_at'

/** What another transaction asked differently; the events that were refused keep all that was asked. */
function differenceOf(
  book: Book,
  facts: Facts,
  asked: SavedTransaction,
  found: FoundTransaction,
): Difference | 'debit_account_id' | 'credit_account_id' | undefined {
  if (asked.count !== found.saved.count) return 'flags'
  for (let index = 0; index < asked.count; index++) {
    const now = facts.record(asked.at + index, cursor)
    const then = found.facts.record(found.saved.at + index, other)
    const linked = TransferFlags.linked
    if ((now.flags & ~linked) !== (then.flags & ~linked)) return 'flags'
    const { debitSlot, creditSlot } = then
    if (now.u128(RefusedField.debitAccountId) !== book.accounts.bySlot(debitSlot)?.id) {
      return 'debit_account_id'
    }
    if (now.u128(RefusedField.creditAccountId) !== book.accounts.bySlot(creditSlot)?.id) {
      return 'credit_account_id'
    }
    if (now.amount !== then.requested) return 'amount'
    if (now.asset !== then.asset) return 'asset'
    if (now.code !== then.code) return 'code'
    if (now.effectiveAsked !== then.effectiveAsked) return 'effective_at'
    if (Buffer.compare(now.metadata, then.metadata) !== 0) return 'metadata'
  }
  return undefined
}
