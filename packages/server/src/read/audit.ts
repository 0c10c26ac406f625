/** The audit: changes of rights, accepted or not, and attempts that were turned away. All of it is control commands of the log, newest first. */
import { type ControlCommand, decodeControl, type NotedRefusals } from '@tallystick/access'
import { type AuditQuery, formatRequestId, operationOfNumber } from '@tallystick/contract'
import type { RequestHead } from '@tallystick/engine'
import { Memory, Operation, RecordCursor } from '@tallystick/ledger'

import { AUDITOR } from '../access/refusal-audit.ts'
import { notFound, refuse } from '../http/refused.ts'
import { AUDIT_RECORDS_LOOKED_AT_MAX } from '../limits.ts'
import { statusName } from '../render/statuses.ts'
import { timeText } from '../render/text.ts'
import type { Service } from '../service.ts'
import { periodOf } from './entries.ts'
import { pageOf, pageText } from './pages.ts'
import type { Read } from './reading.ts'

const LIST = 'audit'
const cursor = new RecordCursor(Memory.allocate(8))

/** What one record says of who did or tried what. */
interface AuditRow {
  readonly sequence: number
  readonly timestamp: bigint
  readonly requestId: string
  readonly principal: string | null
  readonly keyId: string | null
  readonly initiator: string | null
  readonly source: string
  readonly action: string
  readonly result: string
  readonly count: number
  /** ns */
  readonly first: bigint
  readonly last: bigint
  /** Of a change: what was asked for. */
  readonly control: ControlCommand | undefined
}

export const listAudit: Read = (service, _exchange, { query }) => {
  const { filters, after, limit } = pageOf(service, LIST, query as AuditQuery)
  if (after !== undefined && typeof after !== 'number') {
    return refuse('invalid_cursor', 'cursor', 'It belongs to another list.')
  }
  const { reader } = service.ledger
  const rows: AuditRow[] = []
  let looked = 0
  let last: number | undefined
  const before = after === undefined ? {} : { before: after }
  for (const sequence of reader.controls({ ...periodOf(filters), ...before })) {
    if (rows.length >= limit || looked >= AUDIT_RECORDS_LOOKED_AT_MAX) {
      const next = { filters, after: last ?? sequence + 1 }
      return pageText(service, LIST, rows.map(rowText), next)
    }
    looked++
    last = sequence
    const row = rowOf(service, sequence)
    if (fits(row, filters)) rows.push(row)
  }
  return pageText(service, LIST, rows.map(rowText), undefined)
}

/** The sequence of an audit record by its text. @throws Refused 404 */
export function auditSequence({ ledger }: Service, text: string): number {
  const sequence = Number(text)
  if (sequence < 1 || sequence > ledger.durableSequence) return notFound('audit record', 'sequence')
  const { kind } = ledger.reader.record(sequence, cursor)
  return kind === Operation.control ? sequence : notFound('audit record', 'sequence')
}

function rowOf({ ledger }: Service, sequence: number): AuditRow {
  const { reader } = ledger
  const { timestamp, status, metadata } = reader.record(sequence, cursor)
  const command = decodeControl(metadata)
  const head = reader.originOf(sequence)
  const isNote = command?.control === 'note_refusals' && head?.envelope.principal === AUDITOR
  const of = { sequence, timestamp, requestId: requestIdOf(head) }
  if (isNote) return { ...of, ...notedRow(command) }
  return {
    ...of,
    principal: textOrNull(head?.envelope.principal),
    keyId: textOrNull(head?.envelope.keyId),
    initiator: textOrNull(head?.envelope.initiator),
    source: head?.source ?? '',
    action: operationOfNumber(head?.envelope.operation ?? 0) ?? 'library',
    result: status === 0 ? 'accepted' : statusName(Operation.control, status),
    ...{ count: 1, first: timestamp, last: timestamp, control: command },
  }
}

function notedRow(command: NotedRefusals): Omit<AuditRow, 'sequence' | 'timestamp' | 'requestId'> {
  const { principal, key: keyId, initiator, source, operation: action, result, count } = command
  const [first, last] = [BigInt(command.first), BigInt(command.last)]
  const who = { principal, keyId, initiator, source }
  return { ...who, ...{ action, result, count, first, last, control: undefined } }
}

function requestIdOf(head: RequestHead | undefined): string {
  return head === undefined ? '' : formatRequestId(head.envelope.requestId)
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text
}

type Filters = Omit<AuditQuery, 'limit' | 'cursor'>

function fits(row: AuditRow, { principal, action, result, source }: Filters): boolean {
  if (principal !== undefined && row.principal !== principal && row.initiator !== principal) {
    return false
  }
  if (action !== undefined && row.action !== action) return false
  if (source !== undefined && row.source !== source) return false
  return result === undefined || row.result === result
}

function rowText(row: AuditRow): string {
  const { principal, keyId, initiator, source, action, result, count, control } = row
  const who = { principal, key_id: keyId, initiator, source, action, result, count: String(count) }
  const facts = JSON.stringify(who).slice(1, -1)
  const times = `"timestamp":${timeText(row.timestamp)},"first_at":${timeText(row.first)},"last_at":${timeText(row.last)}`
  return `{"object":"audit_record","sequence":"${row.sequence}",${times},${facts},"request_id":"${row.requestId}","control":${JSON.stringify(control ?? null)}}`
}
