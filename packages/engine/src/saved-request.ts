/** A request as the book kept it: its envelope, and the records that it caused, read in place. */
import { type Memory, readU64, type RecordCursor } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { BookBody } from './book-body.ts'
import type { Envelope } from './request.ts'
import { REQUEST_HEADER_BYTES, REQUEST_KEY_BYTES, RequestField } from './requests.ts'

/** Readable until control returns to the event loop. */
export class SavedRequest {
  readonly #body: BookBody
  readonly #at: number
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  /** Events. */
  readonly count: number
  #envelope: Envelope | undefined

  /** @param at byte offset of the request in the body's memory. */
  constructor(body: BookBody, at: number) {
    this.#body = body
    this.#at = at
    const index = this.#u32(RequestField.firstEvent)
    this.firstSequence = body.firstSequence + index
    this.firstTimestamp = body.firstTimestamp + BigInt(index)
    this.count = this.#u32(RequestField.eventCount)
  }

  get lastSequence(): number {
    return this.firstSequence + this.count - 1
  }

  /** Bytes in the body, padding included. */
  get length(): number {
    return this.#u32(RequestField.length)
  }

  /** SHA-256 of the parsed command: a view, not a copy. */
  get digest(): Uint8Array {
    return this.#bytes(RequestField.digest, 32)
  }

  get keyCount(): number {
    return this.#u16(RequestField.keyCount)
  }

  /** Byte offset in `memory` of look-up key `index`: 16 bytes, lower limb first. */
  keyAt(index: number): number {
    return this.#at + REQUEST_HEADER_BYTES + index * REQUEST_KEY_BYTES
  }

  get memory(): Memory {
    return this.#body.memory
  }

  get keys(): { low: bigint; high: bigint }[] {
    return Array.from({ length: this.keyCount }, (_, index) => ({
      low: readU64(this.memory, this.keyAt(index)),
      high: readU64(this.memory, this.keyAt(index) + 8),
    }))
  }

  /** A copy: it stays what it is. */
  get envelope(): Envelope {
    this.#envelope ??= this.#readEnvelope()
    return this.#envelope
  }

  #readEnvelope(): Envelope {
    let at = REQUEST_HEADER_BYTES + this.keyCount * REQUEST_KEY_BYTES
    const text = (lengthField: number): string => {
      const length = this.#u16(lengthField)
      at += length
      return Buffer.from(this.#bytes(at - length, length)).toString('utf8')
    }
    return {
      operation: this.#u16(RequestField.operation),
      contractVersion: this.#u16(RequestField.contractVersion),
      requestId: this.#bytes(RequestField.requestId, 16).slice(),
      digest: this.digest.slice(),
      receivedAt: readU64(this.memory, this.#at + RequestField.receivedAt),
      principal: text(RequestField.principalLength),
      keyId: text(RequestField.keyIdLength),
      source: text(RequestField.sourceLength),
      idempotencyKey: text(RequestField.idempotencyKeyLength),
      initiator: text(RequestField.initiatorLength),
      body: this.#bytes(at, this.#u32(RequestField.bodyLength)).slice(),
    }
  }

  status(index: number): number {
    assert(index >= 0 && index < this.count, 'the request has that event')
    const record = this.#body.recordAt(this.firstSequence - this.#body.firstSequence + index)
    return this.memory.u8[record + 1] ?? 0
  }

  /** Points `cursor` at the record of event `index`, with its sequence and timestamp. */
  record(index: number, cursor: RecordCursor): RecordCursor {
    assert(index >= 0 && index < this.count, 'the request has that event')
    return this.#body.point(this.firstSequence - this.#body.firstSequence + index, cursor)
  }

  #u16(field: number): number {
    return this.#body.memory.u16[(this.#at + field) >>> 1] ?? 0
  }
  #u32(field: number): number {
    return this.#body.memory.u32[(this.#at + field) >>> 2] ?? 0
  }
  #bytes(field: number, length: number): Uint8Array {
    return this.#body.memory.u8.subarray(this.#at + field, this.#at + field + length)
  }
}

/** The requests of a body, in order. */
export function* savedRequests(body: BookBody): Generator<SavedRequest> {
  let at = body.requestsAt
  for (let left = body.requestCount; left > 0; left--) {
    const request = new SavedRequest(body, at)
    yield request
    at += request.length
  }
}

/** The request that caused an event; undefined: a release, which nobody asked for. */
export function requestOfEvent(body: BookBody, sequence: number): SavedRequest | undefined {
  for (const request of savedRequests(body)) {
    if (sequence < request.firstSequence) return undefined
    if (sequence <= request.lastSequence) return request
  }
  return undefined
}
