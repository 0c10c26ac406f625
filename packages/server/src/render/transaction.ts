/** A transaction as JSON text: the transfers of one chain. */
import { formatId } from '@tallystick/contract'
import { Memory, RecordCursor } from '@tallystick/ledger'

import type { SavedTransaction } from '../saved-body.ts'
import { sideText } from './balances-after.ts'
import { accountOf, type Book, type Facts } from './book.ts'
import { idText, timeText } from './text.ts'
import { transferText } from './transfer.ts'

const cursor = new RecordCursor(Memory.allocate(8))

export interface TransactionNotes {
  readonly status: 'created' | 'exists'
  readonly requestId: string
  readonly reference: string | undefined
  readonly saved: SavedTransaction
}

export function transactionText(book: Book, facts: Facts, notes: TransactionNotes): string {
  const { status, requestId, reference, saved } = notes
  const transfers: string[] = []
  for (let index = saved.at; index < saved.at + saved.count; index++) {
    const record = facts.record(index, cursor)
    transfers.push(transferText(book, record, { status, requestId, withBalances: false, facts }))
  }
  const first = facts.record(saved.at, cursor)
  const { effectiveAt, timestamp, id } = first
  const sequence = facts.dryRun ? facts.firstSequence - 1 : first.sequence
  let text = `{"object":"transaction","id":${idText(id)},"status":"${status}","transfers":[${transfers.join(',')}]`
  if (saved.reverses !== undefined) text += `,"reverses":"${saved.reverses}"`
  text += `,${book.privacy.fields(JSON.stringify(saved.metadata ?? {}))},"effective_at":${timeText(effectiveAt)},"timestamp":${timeText(timestamp)},"sequence":"${sequence}","request_id":"${requestId}"`
  if (reference !== undefined) text += `,"reference":${JSON.stringify(reference)}`
  text += `,"balances":${lastBalancesText(book, facts, saved.at, saved.at + saved.count)}`
  return facts.dryRun ? `${text},"dry_run":true}` : `${text}}`
}

/** By address, after the last of the events that touched it; worlds last. */
export function lastBalancesText(book: Book, facts: Facts, from: number, to: number): string {
  // From the end: what is met first is what counts, so that each account is rendered once.
  const seen = new Set<number>()
  const own: string[] = []
  const worlds: string[] = []
  for (let index = to - 1; index >= from; index--) {
    const record = facts.record(index, cursor)
    if (!record.moved) continue
    for (const side of ['credit', 'debit'] as const) {
      const slot = side === 'debit' ? record.debitSlot : record.creditSlot
      if (seen.has(slot)) continue
      seen.add(slot)
      const account = accountOf(book, facts, slot)
      const into = account.address.startsWith('world:') ? worlds : own
      into.push(`"${account.address}":${sideText(book, record, side, account)}`)
    }
  }
  return `{${[...own.reverse(), ...worlds].join(',')}}`
}

export function transactionLocation(id: bigint): string {
  return `/v1/transactions/${formatId(id)}`
}
