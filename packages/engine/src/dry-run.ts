/** Keeps the records of a dry run, which are gone from the group with the next call of the ledger. */
import { align8, BodyField, Memory, RecordCursor } from '@tallystick/ledger'

import type { OpenFrame } from './book.ts'
import { BookBody } from './book-body.ts'

/** A body of its own with events `first` … `first + count − 1` of a group: readable like any other, never written. */
export function copyEvents(group: OpenFrame, first: number, count: number): BookBody {
  const cursor = new RecordCursor(group.memory)
  let bytes = 0
  for (let index = first; index < first + count; index++) {
    cursor.offset = group.recordAt(index)
    bytes += cursor.length
  }
  const table = BodyField.records + bytes
  const memory = Memory.allocate(table + align8(count * 4))
  let at: number = BodyField.records
  for (let index = 0; index < count; index++) {
    cursor.offset = group.recordAt(first + index)
    memory.u8.set(group.memory.u8.subarray(cursor.offset, cursor.offset + cursor.length), at)
    memory.u32[(table >>> 2) + index] = at
    at += cursor.length
  }
  memory.u64[BodyField.timestamp >>> 3] = group.firstTimestamp + BigInt(first)
  memory.u32[BodyField.recordCount >>> 2] = count
  memory.u32[BodyField.offsetsOffset >>> 2] = table
  return new BookBody(memory, 0, group.firstSequence + first)
}
