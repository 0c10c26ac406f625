/** The row of a movement, straight from its record: no bigint where 64 bits hold a number, which is nearly always. */
import {
  MovedField,
  MovedForm,
  type RecordCursor,
  RecordField,
  SideField,
} from '@tallystick/ledger'
import type { CopyRows } from '@tallystick/postgres'

import { type SideName, sideAt, upperAt } from './touched-accounts.ts'

export type MovementKind = 'held' | 'captured' | 'voided' | 'reversed' | 'posted' | 'expired'

/** What its record alone does not say. */
export interface MovementFacts {
  readonly kind: MovementKind
  readonly asset: Uint8Array
  /** First event of its request; 0: nobody asked for it. */
  readonly request: number
  readonly metadata: string | null
}

const KINDS: Readonly<Record<MovementKind, Uint8Array>> = {
  held: Buffer.from('held'),
  captured: Buffer.from('captured'),
  voided: Buffer.from('voided'),
  reversed: Buffer.from('reversed'),
  posted: Buffer.from('posted'),
  expired: Buffer.from('expired'),
}

/** In the order of the table's columns. */
export function writeMovement(
  rows: CopyRows,
  record: RecordCursor,
  { kind, asset, request, metadata }: MovementFacts,
): void {
  const { memory, offset, pendingSequence } = record
  rows.begin()
  rows.bigint(record.sequence)
  rows.uuid(memory.u8, offset + RecordField.id)
  rows.utf8(KINDS[kind])
  rows.integer(record.debitSlot)
  rows.integer(record.creditSlot)
  writeNumber(rows, record, { lower: MovedField.amount, upper: MovedField.sections })
  rows.utf8(asset)
  rows.integer(record.code)
  if (pendingSequence === 0) rows.null()
  else rows.bigint(pendingSequence)
  rows.numeric(record.effectiveAt)
  rows.bigint(record.timestamp)
  if (request === 0) rows.null()
  else rows.bigint(request)
  if (metadata === null) rows.null()
  else rows.json(metadata)
  writeSide(rows, record, 'debit')
  writeSide(rows, record, 'credit')
}

function writeSide(rows: CopyRows, record: RecordCursor, side: SideName): void {
  const at = sideAt(side)
  rows.bigint(record.safe(at + SideField.number))
  const lower = at + SideField.debitsPending
  const upper = upperAt(side)
  for (let balance = 0; balance < 32; balance += 8) {
    writeNumber(rows, record, { lower: lower + balance, upper: upper + balance })
  }
}

/** @param halves byte offsets in the record; the upper one counts in wide records only. */
function writeNumber(
  rows: CopyRows,
  record: RecordCursor,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): void {
  if ((record.form & MovedForm.wide) === 0) {
    return rows.numericWords(record.u32(lower + 4), record.u32(lower))
  }
  rows.numeric(record.u64(lower) | (record.u64(upper) << 64n))
}
