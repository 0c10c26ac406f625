/** The answer to whatever made one transfer: transfers, increments, decrements, reversals. */
import { Memory, RecordCursor, TransferStatus } from '@tallystick/ledger'

import { readBody, referenceAt } from '../saved-body.ts'
import type { Answer, Render, RenderedRequest } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { type Fields, refusalFacts, refusedEvent } from './refusal.ts'
import { originOf, transferText } from './transfer.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export function transferAnswer(fields: Fields): Render {
  return (book, facts, saved) => {
    const refused = facts.status(facts.count - 1) === 0 ? -1 : refusedEvent(facts)
    if (refused < 0) return created(book, facts, saved)
    const record = facts.record(refused, cursor)
    const isLast = refused === facts.count - 1
    if (isLast && record.status === TransferStatus.exists) return exists(book, record.seen)
    return { problem: refusalFacts(book, facts, refused, { fields, body: saved.body }) }
  }
}

function created(book: Book, facts: Facts, { requestId, body }: RenderedRequest): Answer {
  const record = facts.record(facts.count - 1, cursor)
  const { reference } = body
  const text = transferText(book, record, {
    ...{ status: 'created', requestId, reference, facts },
    withBalances: true,
  })
  return { status: 201, text, location: facts.dryRun ? undefined : locationOf(text) }
}

/** The id is the second field of every transfer's text. */
function locationOf(text: string): string {
  return `/v1/transfers/${text.slice(ID_AT, ID_AT + 36)}`
}

const ID_AT = '{"object":"transfer","id":"'.length

function exists(book: Book, sequence: number): Answer {
  const text = earlierTransfer(book, sequence)
  return { status: 200, text, location: locationOf(text) }
}

function earlierTransfer(book: Book, sequence: number): string {
  const { requestId, index, body } = originOf(book, sequence)
  const record = book.reader.record(sequence, cursor)
  return transferText(book, record, {
    ...{ status: 'exists', requestId, withBalances: true },
    reference: referenceAt(readBody(body), index),
  })
}
