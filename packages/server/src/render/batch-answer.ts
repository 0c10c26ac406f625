/** The answer to a batch: a result per command, in the form of JSON or of NDJSON lines. */
import { TransferFlags } from '@tallystick/engine'
import { Memory, MovedForm, Operation, RecordCursor } from '@tallystick/ledger'

import type { SavedBody } from '../saved-body.ts'
import type { Render } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { limitFactsText } from './limit-facts.ts'
import { resultsText } from './plain-results.ts'
import { type Fields, refusalFacts, refusedEvent } from './refusal.ts'
import { statusName } from './statuses.ts'
import { idText, timeText } from './text.ts'
import { lastBalancesText } from './transaction.ts'

const cursor = new RecordCursor(Memory.allocate(8))
const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit

/** Where the events of a command lie. */
interface Span {
  readonly from: number
  readonly count: number
}

/** Between the results, and around them, so that one text serves both forms. */
const RESULTS_OPEN = ',"results":['

export const batchAnswer: Render = (book, facts, { requestId, body }) => {
  const spans = body.spans === undefined ? undefined : spansOf(body.spans)
  if (body.atomic === true) {
    const refused = refusedEvent(facts)
    if (refused >= 0) {
      return {
        problem: refusalOfAtomic(book, facts, refused, { spans: spans ?? single(facts), body }),
      }
    }
  }
  let refused = 0
  const result = (span: Span, index: number): string => {
    const status = statusOf(facts, span)
    if (status !== 'created' && status !== 'changed' && status !== 'exists') refused++
    return generalResultText(book, facts, span, { index, status })
  }
  const results =
    spans === undefined
      ? resultsText(facts, (index) => result({ from: index, count: 1 }, index))
      : spans.map(result).join(',\n')
  const balances =
    body.balances === false ? '' : `,"balances":${lastBalancesText(book, facts, 0, facts.count)}`
  const dryRun = facts.dryRun ? ',"dry_run":true' : ''
  const head = `{"object":"batch","atomic":${body.atomic === true},"count":${spans?.length ?? facts.count},"refused":${refused},"request_id":"${requestId}"${balances}${dryRun}`
  return { status: 200, text: `${head}${RESULTS_OPEN}${results}]}` }
}

/** A line per result, and the summary as the last one. */
export function ndjsonOf(text: string): string {
  // The only `,"results":[` outside of a quoted text comes after the head, which has no free text.
  const at = text.indexOf(RESULTS_OPEN)
  const results = text.slice(at + RESULTS_OPEN.length, -2).replaceAll('},\n{', '}\n{')
  return `${results}\n${text.slice(0, at)}}\n`
}

function spansOf(spans: NonNullable<SavedBody['spans']>): Span[] {
  let at = 0
  return spans.map(([opened, count]) => {
    const from = at + opened
    at = from + count
    return { from, count }
  })
}

/** One command for each event. */
function single({ count }: Facts): Span[] {
  return Array.from({ length: count }, (_, from) => ({ from, count: 1 }))
}

function statusOf(facts: Facts, { from, count }: Span): string {
  if (count === 1) {
    const record = facts.record(from, cursor)
    return statusName(record.kind, record.status)
  }
  const refused = refusedEvent(facts, from, from + count)
  const record = facts.record(refused < 0 ? from : refused, cursor)
  return statusName(record.kind, record.status)
}

/** Of any command; `plain-results.ts` writes those of created transfers by itself, and the same. */
export function generalResultText(
  book: Book,
  facts: Facts,
  span: Span,
  { index, status }: { index: number; status: string },
): string {
  const refused = span.count === 1 ? -1 : refusedEvent(facts, span.from, span.from + span.count)
  const { id } = facts.record(span.from, cursor)
  const record = facts.record(refused < 0 ? span.from : refused, cursor)
  const named = record.kind !== Operation.registerAsset && id !== 0n
  const sequence = facts.dryRun ? facts.firstSequence - 1 : record.sequence
  let text = `{"index":${index},"status":"${status}","id":${named ? idText(id) : 'null'}`
  if (
    record.moved &&
    (record.flags & BALANCING) !== 0 &&
    (record.form & MovedForm.requested) !== 0
  ) {
    text += `,"amount":"${record.amount}"`
  }
  text += `,"sequence":"${sequence}","timestamp":${timeText(record.timestamp)}`
  return `${text}${record.status === 0 ? '' : limitFactsText(book, record, facts)}}`
}

function refusalOfAtomic(
  book: Book,
  facts: Facts,
  refused: number,
  { spans, body }: { spans: readonly Span[]; body: SavedBody },
): ReturnType<typeof refusalFacts> {
  const index = spans.findIndex(({ from, count }) => refused < from + count)
  const span = spans[index]
  const isPosting =
    span !== undefined && (body.transactions ?? []).some(({ at }) => at === span.from)
  const posting = span === undefined ? 0 : refused - span.from
  const fields: Fields = {
    at: `commands[${index}].${isPosting && posting >= 0 ? `postings[${posting}].` : ''}`,
    debit: isPosting ? 'source' : 'debit_account',
    credit: isPosting ? 'destination' : 'credit_account',
    subject: 'hold',
    name: 'id',
  }
  return refusalFacts(book, facts, refused, { fields, body })
}
