/**
 * A frame's body as if it had one of its events alone: the same leaf is made from it, and a batch of thousands is not read for a
 * receipt of one.
 */
import { BodyField, Memory, RecordCursor } from '@tallystick/ledger'

import type { Book } from '../book.ts'
import { BookBody } from '../book-body.ts'
import type { RequestFinder } from '../frame-requests.ts'
import { REQUEST_HEADER_BYTES, RequestField } from '../requests.ts'

const cursor = new RecordCursor(Memory.allocate(8))

/** @throws EngineError, JournalCorrupt */
export function bodyAlone(book: Book, requests: RequestFinder, sequence: number): BookBody {
  const record = book.record(sequence, cursor)
  const { length, timestamp } = record
  const requestAt = BodyField.records + length
  const offsetsAt = requestAt + REQUEST_HEADER_BYTES
  const memory = Memory.allocate(offsetsAt + 8)
  memory.u8.set(record.memory.u8.subarray(record.offset, record.offset + length), BodyField.records)
  memory.u8.set(headOf(book, sequence))
  memory.u64[BodyField.timestamp >>> 3] = timestamp
  memory.u32[BodyField.recordCount >>> 2] = 1
  memory.u32[BodyField.requestsOffset >>> 2] = requestAt
  memory.u32[BodyField.offsetsOffset >>> 2] = offsetsAt
  memory.u32[offsetsAt >>> 2] = BodyField.records
  const request = requests.ofEvent(sequence)
  memory.u32[BodyField.requestCount >>> 2] = request === undefined ? 0 : 1
  if (request !== undefined) {
    const { requestId, digest } = request.envelope
    memory.u32[(requestAt + RequestField.length) >>> 2] = REQUEST_HEADER_BYTES
    memory.u32[(requestAt + RequestField.eventCount) >>> 2] = 1
    memory.u8.set(requestId, requestAt + RequestField.requestId)
    memory.u8.set(digest, requestAt + RequestField.digest)
  }
  return new BookBody(memory, 0, sequence)
}

/** The fields before the records of the body that has an event: a view or a copy. @throws JournalCorrupt */
export function headOf({ recent, reader }: Book, sequence: number): Uint8Array {
  const body = recent.find(sequence)
  if (body !== undefined) return body.memory.u8.subarray(body.start, body.start + BodyField.records)
  return reader.readBody(reader.frameAt(sequence), 0, BodyField.records)
}
