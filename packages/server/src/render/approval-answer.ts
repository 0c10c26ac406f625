/** The answers to what waits, and to who decides it, made from the statements in the book. */
import { type ApprovalRecord, decodeControl } from '@tallystick/access'
import { Memory, RecordCursor } from '@tallystick/ledger'

import { policyText, approvalText } from './approval-text.ts'
import type { Answer, Render } from './answer.ts'
import type { Book, Facts } from './book.ts'
import { refusalFacts, TRANSFER_FIELDS } from './refusal.ts'
import { statusName } from './statuses.ts'

const cursor = new RecordCursor(Memory.allocate(8))

/** Whether a request came to nothing but that it waits: then this is its answer, whatever its operation answers else. */
export function awaitedAnswer(
  book: Book,
  facts: Facts,
  { requestId, body }: Parameters<Render>[2],
): Answer | undefined {
  if (body.approval === undefined) return undefined
  const record = facts.record(0, cursor)
  if (record.status !== 0) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const text = approvalText(book, askedOf(record.metadata, record.timestamp), record.timestamp)
  const receipt = { object: 'request', id: requestId, status: 'awaiting_approval' }
  return {
    status: 202,
    text: `${JSON.stringify(receipt).slice(0, -1)},"approval":${text}}`,
    location: `/v1/requests/${requestId}`,
  }
}

/** As it was when it was asked for. */
function askedOf(statement: Uint8Array, at: bigint): ApprovalRecord {
  const command = decodeControl(statement)
  if (command?.control !== 'request_approval') throw new Error(NOT_ITS_COMMAND)
  const { expires_at: expiresAt, control: _, ...rest } = command
  return { ...rest, expiresAt: BigInt(expiresAt), askedAt: at, decision: undefined }
}

const NOT_ITS_COMMAND = 'the answer is of another command'

/** Approved or refused. What was carried out stands in the records behind. */
export const decisionAnswer: Render = (book, facts, { body }): Answer => {
  const record = facts.record(0, cursor)
  if (record.status !== 0) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const command = decodeControl(record.metadata)
  if (command?.control !== 'approve' && command?.control !== 'refuse_approval') {
    throw new Error(NOT_ITS_COMMAND)
  }
  const { timestamp: at } = record
  const known = book.access.approvals.find(command.approval)
  if (known === undefined) throw new Error(`the approval ${command.approval} was let go`)
  const approved = command.control === 'approve'
  const { by, request } = command
  const decided = { ...known, commands: '', decision: { approved, by, at, request } }
  let text = approvalText(book, decided, at)
  if (approved) text = `${text.slice(0, -1)},"results":${JSON.stringify(resultsOf(facts))}}`
  return { status: 200, text: facts.dryRun ? `${text.slice(0, -1)},"dry_run":true}` : text }
}

function resultsOf(facts: Facts): string[] {
  return Array.from({ length: facts.count - 1 }, (_, index) => {
    const { kind, status } = facts.record(index + 1, cursor)
    return statusName(kind, status)
  })
}

export const policyAnswer: Render = (book, facts, { body }): Answer => {
  const record = facts.record(0, cursor)
  if (record.status !== 0) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const command = decodeControl(record.metadata)
  if (command?.control !== 'create_policy') throw new Error(NOT_ITS_COMMAND)
  const { asset, above, control: _, ...rest } = command
  const policy = { ...rest, asset: asset ?? undefined, above: BigInt(above) }
  const text = policyText(book, { ...policy, createdAt: record.timestamp })
  return { status: 201, text: facts.dryRun ? `${text.slice(0, -1)},"dry_run":true}` : text }
}
