/** A hold as JSON text: the record that made it, and what became of it. */
import { TransferFlags } from '@tallystick/engine'
import { MovedForm, type RecordCursor } from '@tallystick/ledger'

import { accountOf, type Book, type Facts } from './book.ts'
import { idText, metadataText, timeText } from './text.ts'

const NS_PER_SECOND = 1_000_000_000n
const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit

export interface HoldNotes {
  readonly status: 'pending' | 'captured' | 'voided' | 'expired'
  readonly captured: bigint
  readonly remaining: bigint
  readonly requestId: string
  readonly reference?: string | undefined
  /** The transfer that captured or voided it, in the answer to that. */
  readonly transferId?: bigint
  /** JSON object. */
  readonly balances: string
  /** Of an answer to a write. */
  readonly facts?: Facts
}

/** @param record of the hold itself. */
export function holdText(book: Book, record: RecordCursor, notes: HoldNotes): string {
  const { facts, transferId } = notes
  const debit = accountOf(book, facts, record.debitSlot)
  const credit = accountOf(book, facts, record.creditSlot)
  const { flags, form, amount, timeout, timestamp } = record
  let text = `{"object":"hold","id":${idText(record.id)},"status":"${notes.status}","debit_account":"${debit.address}","credit_account":"${credit.address}","held":"${amount}","captured":"${notes.captured}","remaining":"${notes.remaining}"`
  if ((flags & BALANCING) !== 0 && (form & MovedForm.requested) !== 0) {
    text += `,"requested_amount":"${record.requested}"`
  }
  const expiresAt = timeout === 0 ? 'null' : timeText(timestamp + BigInt(timeout) * NS_PER_SECOND)
  text += `,"asset":"${debit.assetText}","code":${record.code},"timeout_seconds":${timeout === 0 ? 'null' : timeout},"expires_at":${expiresAt}`
  if ((flags & TransferFlags.closingDebit) !== 0) text += ',"close_debit_account":true'
  if ((flags & TransferFlags.closingCredit) !== 0) text += ',"close_credit_account":true'
  const isOwnDryRun = facts?.dryRun === true && transferId === undefined
  const sequence = isOwnDryRun ? facts.firstSequence - 1 : record.sequence
  text += `,${book.privacy.fields(metadataText(record.metadata))},"effective_at":${timeText(record.effectiveAt)},"timestamp":${timeText(timestamp)},"sequence":"${sequence}","request_id":"${notes.requestId}"`
  if (notes.reference !== undefined) text += `,"reference":${JSON.stringify(notes.reference)}`
  if (transferId !== undefined) text += `,"transfer_id":${idText(transferId)}`
  text += `,"balances":${notes.balances}`
  return facts?.dryRun === true ? `${text},"dry_run":true}` : `${text}}`
}
