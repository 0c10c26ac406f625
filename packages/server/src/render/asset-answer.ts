/** The answers to the registration of an asset and to the closing of books. */
import { AssetStatus, Memory, RecordCursor, BooksField } from '@tallystick/ledger'
import { parseAsset } from '@tallystick/money'

import type { Render } from './answer.ts'
import { refusalFacts, TRANSFER_FIELDS } from './refusal.ts'
import { timeText } from './text.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export const assetAnswer: Render = (book, facts, { body }) => {
  const record = facts.record(0, cursor)
  const isThere = record.status === AssetStatus.exists
  if (record.status !== 0 && !isThere) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const name = Buffer.from(record.metadata).toString('latin1')
  const registeredAt = isThere ? 'null' : timeText(record.timestamp)
  const dryRun = facts.dryRun ? ',"dry_run":true' : ''
  const text = `{"object":"asset","asset":"${name}","number":${record.asset},"scale":${parseAsset(name)?.scale ?? 0},"built_in":false,"registered_at":${registeredAt}${dryRun}}`
  return { status: isThere ? 200 : 201, text, location: '/v1/assets' }
}

export const booksAnswer: Render = (book, facts, { requestId, body }) => {
  const record = facts.record(0, cursor)
  if (record.status !== 0) {
    return { problem: refusalFacts(book, facts, 0, { fields: TRANSFER_FIELDS, body }) }
  }
  const until = record.u64(BooksField.until)
  const asset = record.id === 0n ? `"${book.assets.text(record.asset)}"` : 'null'
  const account = record.id === 0n ? 'null' : `"${book.accounts.addressOf(record.id)}"`
  const sequence = facts.dryRun ? facts.firstSequence - 1 : record.sequence
  const dryRun = facts.dryRun ? ',"dry_run":true' : ''
  return {
    status: 200,
    text: `{"object":"books","asset":${asset},"account":${account},"closed_until":${until === 0n ? 'null' : timeText(until)},"timestamp":${timeText(record.timestamp)},"sequence":"${sequence}","request_id":"${requestId}"${dryRun}}`,
  }
}
