/** A transfer as JSON text, from its record. */
import { formatRequestId } from '@tallystick/contract'
import { TransferFlags } from '@tallystick/engine'
import { MovedForm, type RecordCursor } from '@tallystick/ledger'

import { balancesAfterText } from './balances-after.ts'
import { accountOf, type Book, type Facts } from './book.ts'
import { idText, metadataText, timeText } from './text.ts'

const BALANCING = TransferFlags.balancingDebit | TransferFlags.balancingCredit

/** What a transfer's record does not say of itself. */
export interface TransferNotes {
  readonly status: 'created' | 'exists'
  /** Of the request that made it, as text. */
  readonly requestId: string
  readonly reference?: string | undefined
  /** Now; 0 or none is left out. */
  readonly reversed?: bigint
  /** Inherited from a hold; default: the record's own. */
  readonly metadata?: Uint8Array
  /** Of a transaction's transfer they are left out. */
  readonly withBalances: boolean
  /** The facts that the record is of, when it is an answer's; needed for dry runs. */
  readonly facts?: Facts
}

/** The word of the wire for what a transfer did. */
export function kindOf(flags: number): string {
  if ((flags & TransferFlags.pending) !== 0) return 'held'
  if ((flags & TransferFlags.postPendingTransfer) !== 0) return 'captured'
  if ((flags & TransferFlags.voidPendingTransfer) !== 0) return 'voided'
  return (flags & TransferFlags.reversal) !== 0 ? 'reversed' : 'posted'
}

export function transferText(book: Book, record: RecordCursor, notes: TransferNotes): string {
  const { facts } = notes
  const debit = accountOf(book, facts, record.debitSlot)
  const credit = accountOf(book, facts, record.creditSlot)
  const { flags, form, timestamp } = record
  const { pendingId, timeout } = record
  const asked =
    (flags & BALANCING) !== 0 && (form & MovedForm.requested) !== 0
      ? `"requested_amount":"${record.requested}",`
      : ''
  const dryRun = facts?.dryRun === true
  const sequence = dryRun ? facts.firstSequence - 1 : record.sequence
  return `{"object":"transfer","id":${idText(record.id)},"status":"${notes.status}","debit_account":"${debit.address}","credit_account":"${credit.address}","amount":"${record.amount}",${asked}"asset":"${book.assets.text(record.asset)}","code":${record.code},"kind":"${kindOf(flags)}","pending_id":${pendingId === 0n ? 'null' : idText(pendingId)},"timeout_seconds":${timeout === 0 ? 'null' : timeout},${book.privacy.fields(metadataText(notes.metadata ?? record.metadata))},"effective_at":${timeText(record.effectiveAt)},"timestamp":${timeText(timestamp)},"sequence":"${sequence}","request_id":"${notes.requestId}"${tailText(book, record, notes, { debit, credit })}`
}

function tailText(
  book: Book,
  record: RecordCursor,
  notes: TransferNotes,
  { debit, credit }: Record<'debit' | 'credit', ReturnType<typeof accountOf>>,
): string {
  const { reference, reversed = 0n, withBalances, facts } = notes
  let text = reference === undefined ? '' : `,"reference":${JSON.stringify(reference)}`
  if (reversed !== 0n) text += `,"reversed_amount":"${reversed}"`
  if (!withBalances) return `${text}}`
  text += `,"balances":${balancesAfterText(book, record, debit, credit)}`
  return facts?.dryRun === true ? `${text},"dry_run":true}` : `${text}}`
}

/** Request and reference of the request that caused an event long ago, as the book kept them. */
export function originOf(
  book: Book,
  sequence: number,
): { readonly requestId: string; readonly index: number; readonly body: Uint8Array } {
  const head = book.reader.originOf(sequence)
  if (head === undefined) return { requestId: NOBODY, index: 0, body: NOTHING }
  const { requestId, body } = head.envelope
  const index = sequence - head.firstSequence
  return { requestId: formatRequestId(requestId), index, body }
}

const NOTHING = new Uint8Array(0)
const NOBODY = formatRequestId(new Uint8Array(16))
