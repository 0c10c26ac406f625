/** A saved request: what was asked, by whom, and every record that it caused. */
import {
  formatRequestId,
  formatTime,
  operationOfNumber,
  parseRequestId,
} from '@tallystick/contract'
import { requestKey, type SavedRequest } from '@tallystick/engine'
import {
  AccountField,
  Memory,
  NO_SLOT,
  Operation,
  RecordCursor,
  RefusedField,
} from '@tallystick/ledger'

import { notFound } from '../http/refused.ts'
import { REQUEST_RECORDS_MAX } from '../limits.ts'
import type { Book } from '../render/book.ts'
import { operationName, statusName } from '../render/statuses.ts'
import { idText, timeText } from '../render/text.ts'
import { readBody } from '../saved-body.ts'
import type { Read } from './reading.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export const getRequest: Read = (service, _exchange, { params }) => {
  const bytes = parseRequestId((params as { id: string }).id)
  const saved = bytes === undefined ? undefined : service.ledger.reader.request(requestKey(bytes))
  if (saved === undefined) return notFound('request', 'id')
  return requestText(service.book, saved)
}

function requestText(book: Book, saved: SavedRequest): string {
  const { envelope, count } = saved
  const records: string[] = []
  for (let index = 0; index < Math.min(count, REQUEST_RECORDS_MAX); index++) {
    records.push(recordText(book, saved.record(index, cursor)))
  }
  const head = JSON.stringify({
    object: 'request',
    id: formatRequestId(envelope.requestId),
    status: 'done',
    operation: operationOfNumber(envelope.operation) ?? 'library',
    principal: envelope.principal,
    key_id: envelope.keyId,
    source: envelope.source,
    initiator: envelope.initiator === '' ? null : envelope.initiator,
    idempotency_key: envelope.idempotencyKey === '' ? null : envelope.idempotencyKey,
    received_at: formatTime(envelope.receivedAt),
    digest: Buffer.from(envelope.digest).toString('hex'),
    body: readBody(envelope.body),
    record_count: String(count),
  })
  return `${head.slice(0, -1)},"records":[${records.join(',\n')}]}`
}

function recordText(book: Book, record: RecordCursor): string {
  const { kind, status, id } = record
  const hasId = kind !== Operation.registerAsset && id !== 0n
  const head = `{"object":"record","sequence":"${record.sequence}","timestamp":${timeText(record.timestamp)},"operation":"${operationName(kind)}","status":"${statusName(kind, status)}","id":${hasId ? idText(id) : 'null'}`
  return `${head}${sidesText(book, record)}${factsText(book, record)}}`
}

function sidesText(book: Book, record: RecordCursor): string {
  if (record.moved) {
    const debit = book.accounts.bySlot(record.debitSlot)?.address ?? ''
    const credit = book.accounts.bySlot(record.creditSlot)?.address ?? ''
    return `,"debit_account":"${debit}","credit_account":"${credit}","amount":"${record.amount}"`
  }
  if (record.kind === Operation.createTransfer) {
    const debit = book.accounts.addressOf(record.u128(RefusedField.debitAccountId))
    const credit = book.accounts.addressOf(record.u128(RefusedField.creditAccountId))
    return `,"debit_account":"${debit}","credit_account":"${credit}","amount":"${record.amount}"`
  }
  if (record.kind === Operation.createAccount) {
    const hasAddress =
      (record.memory.u16[(record.offset + AccountField.addressLength) >>> 1] ?? 0) > 0
    return hasAddress ? `,"account":"${record.address}"` : ''
  }
  if (record.kind === Operation.registerAsset || record.kind === Operation.attest) return ''
  if (record.slot === NO_SLOT) return ''
  const address = record.id === 0n ? undefined : book.accounts.bySlot(record.slot)?.address
  return address === undefined ? '' : `,"account":"${address}"`
}

function factsText(book: Book, record: RecordCursor): string {
  const { refusal } = record
  if (refusal === undefined) return ''
  const { needed, available, limit, account } = refusal
  const address = book.accounts.addressOf(account)
  return `,"account":"${address}","needed":"${needed}","available":"${available}","limit":"${limit}"`
}
