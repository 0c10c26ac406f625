/** Saved requests: what was asked, by whom, what was answered, and every record that it caused; alone and in lists. */
import { type ApprovalRecord, approvalStatus } from '@tallystick/access'
import {
  formatRequestId,
  formatTime,
  operationOfNumber,
  parseId,
  parseRequestId,
  type RequestsQuery,
  type Route,
  ROUTES,
} from '@tallystick/contract'
import { type Envelope, type RequestHead, requestKey, type SavedRequest } from '@tallystick/engine'
import { Memory, RecordCursor } from '@tallystick/ledger'

import { seesOf } from '../access/reach.ts'
import { problemAnswer } from '../http/problem-answer.ts'
import { notFound, refuse, unseen } from '../http/refused.ts'
import { REQUEST_RECORDS_MAX } from '../limits.ts'
import { approvalText } from '../render/approval-text.ts'
import { recordText } from '../render/record.ts'
import { factsOf } from '../render/transaction-answer.ts'
import { readBody } from '../saved-body.ts'
import type { Service } from '../service.ts'
import { renderOf } from '../write/operations.ts'
import { periodOf } from './entries.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export const getRequest: Read = (service, exchange, { params }) => {
  const bytes = parseRequestId((params as { id: string }).id)
  const saved = bytes === undefined ? undefined : service.ledger.reader.request(requestKey(bytes))
  if (saved === undefined) return notFound('request', 'id')
  if (!seesOf(exchange, 'requests:read', saved.envelope)) return unseen('request', 'id')
  return requestText(service, saved)
}

function requestText(service: Service, saved: SavedRequest): string {
  const { envelope, count } = saved
  const records: string[] = []
  for (let index = 0; index < Math.min(count, REQUEST_RECORDS_MAX); index++) {
    records.push(recordText(service.book, saved.record(index, cursor)))
  }
  const summary = summaryText(service, saved, envelope).slice(0, -1)
  const body = JSON.stringify(readBody(envelope.body))
  const approval = approvalOf(service, envelope)
  const shown =
    approval === undefined ? '' : `,"approval":${approvalText(service.book, approval, nowNs())}`
  return `${summary},"body":${body},"answer":${answerText(service, saved)}${shown},"records":[${records.join(',\n')}]}`
}

/** What it waits for, waited for, or decided; undefined: nothing, or it was let go long after it was decided. */
function approvalOf({ book }: Service, { body }: Envelope): ApprovalRecord | undefined {
  const { approval, decides } = readBody(body)
  const id = approval ?? decides
  return id === undefined ? undefined : book.access.approvals.find(id)
}

function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}

function summaryText(service: Service, head: RequestHead, envelope: Envelope): string {
  const approval = approvalOf(service, envelope)
  const waits = approval !== undefined && approvalStatus(approval, nowNs()) === 'awaiting_approval'
  return JSON.stringify({
    object: 'request',
    id: formatRequestId(envelope.requestId),
    status: waits ? 'awaiting_approval' : 'done',
    operation: operationOfNumber(envelope.operation) ?? 'library',
    principal: envelope.principal,
    key_id: envelope.keyId,
    source: envelope.source,
    initiator: envelope.initiator === '' ? null : envelope.initiator,
    idempotency_key: envelope.idempotencyKey === '' ? null : envelope.idempotencyKey,
    received_at: formatTime(envelope.receivedAt),
    timestamp: formatTime(head.firstTimestamp),
    sequence: String(head.firstSequence),
    digest: Buffer.from(envelope.digest).toString('hex'),
    record_count: String(head.count),
  })
}

/** Made again from the book, as for whoever repeats the request. */
function answerText({ book, publicUrl }: Service, saved: SavedRequest): string {
  const { operation, requestId: id, body } = saved.envelope
  const render = renderOf(operation)
  if (render === undefined) return 'null'
  const requestId = formatRequestId(id)
  const answer = render(book, factsOf(saved), { requestId, body: readBody(body) })
  if (answer.problem === undefined) return `{"status":${answer.status},"body":${answer.text}}`
  const instance = pathOf(operation)
  const about = { requestId, publicUrl, ...(instance === undefined ? {} : { instance }) }
  const problem = problemAnswer(answer.problem, about)
  return `{"status":${problem.status},"body":${problem.text}}`
}

/** What the path was; undefined where it had parameters, which nothing keeps by themselves. */
function pathOf(operation: number): string | undefined {
  const id = operationOfNumber(operation)
  if (id === undefined) return undefined
  const { path }: Route = ROUTES[id]
  return path.includes('{') ? undefined : path
}

const LIST = 'requests'

export const listRequests: Read = (service, _exchange, { query }) => {
  const { filters, after, limit } = pageOf(service, LIST, query as RequestsQuery)
  if (after !== undefined && typeof after !== 'number') {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  const { account, transfer, source, principal, key_id: keyId } = filters
  const { reader } = service.ledger
  // One more than is shown tells whether there is a next page.
  const { requests, next } = reader.requests({
    ...periodOf(filters),
    ...(account === undefined ? {} : { account: accountAsked(service, account) }),
    ...(transfer === undefined ? {} : { transfer: parseId(transfer) ?? 0n }),
    ...(source === undefined ? {} : { source }),
    ...(principal === undefined ? {} : { principal }),
    ...(keyId === undefined ? {} : { keyId }),
    ...(after === undefined ? {} : { after }),
    limit: limit + 1,
  })
  const shown = requests.slice(0, limit)
  const last = requests.length > limit ? shown.at(-1)?.firstSequence : next
  const rows = shown.map((head) => summaryText(service, head, head.envelope))
  const page = pageText(
    service,
    LIST,
    rows,
    last === undefined ? undefined : { filters, after: last },
  )
  const back = last === undefined ? null : formatTime(reader.record(last, cursor).timestamp)
  return `${page.slice(0, -1)},"searched_back_to":${JSON.stringify(back)}}`
}

/** @throws Refused for a name that stands for several accounts. */
function accountAsked({ accounts }: Service, address: string): bigint {
  if (address !== 'world') return accounts.idOf(address)
  const detail = 'There is one world account per asset: name it, like world:EUR-2.'
  return refuse('invalid_parameter', 'account', detail)
}
