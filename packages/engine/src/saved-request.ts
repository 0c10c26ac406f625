/** A request as the book kept it: its envelope, and the records that it caused, read in place. */
import { type Memory, readU64, type RecordCursor } from '@tallystick/ledger'
import { assert } from '@tallystick/money'

import type { BookBody } from './book-body.ts'
import type { Envelope } from './request.ts'
import { REQUEST_HEADER_BYTES, REQUEST_KEY_BYTES, RequestField } from './requests.ts'

/** What the book says of a request besides its records. */
export interface RequestHead {
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  /** Events. */
  readonly count: number
  readonly lastSequence: number
  /** Who asked, with which key and from where: read without the rest. */
  readonly principal: string
  readonly keyId: string
  readonly source: string
  /** 16 bytes: a copy. */
  readonly requestId: Uint8Array
  /** A copy: it stays what it is. */
  readonly envelope: Envelope
}

/** Where a frame's events begin. */
export interface FrameStart {
  readonly memory: Memory
  readonly firstSequence: number
  readonly firstTimestamp: bigint
}

/** A request's own bytes in a frame. Readable until control returns to the event loop. */
export class WrittenRequest implements RequestHead {
  readonly memory: Memory
  readonly #at: number
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  readonly count: number
  #envelope: Envelope | undefined

  /** @param at byte offset of the request in the frame's memory. */
  constructor(frame: FrameStart, at: number) {
    this.memory = frame.memory
    this.#at = at
    const index = this.#u32(RequestField.firstEvent)
    this.firstSequence = frame.firstSequence + index
    this.firstTimestamp = frame.firstTimestamp + BigInt(index)
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

  get requestId(): Uint8Array {
    return this.#bytes(RequestField.requestId, 16).slice()
  }

  get principal(): string {
    return this.#text(this.#textsAt, this.#u16(RequestField.principalLength))
  }

  get keyId(): string {
    const before = this.#u16(RequestField.principalLength)
    return this.#text(this.#textsAt + before, this.#u16(RequestField.keyIdLength))
  }

  get source(): string {
    const before = this.#u16(RequestField.principalLength) + this.#u16(RequestField.keyIdLength)
    return this.#text(this.#textsAt + before, this.#u16(RequestField.sourceLength))
  }

  get keyCount(): number {
    return this.#u16(RequestField.keyCount)
  }

  /** Byte offset in `memory` of look-up key `index`: 16 bytes, lower limb first. */
  keyAt(index: number): number {
    return this.#at + REQUEST_HEADER_BYTES + index * REQUEST_KEY_BYTES
  }

  get keys(): { low: bigint; high: bigint }[] {
    return Array.from({ length: this.keyCount }, (_, index) => ({
      low: readU64(this.memory, this.keyAt(index)),
      high: readU64(this.memory, this.keyAt(index) + 8),
    }))
  }

  get envelope(): Envelope {
    this.#envelope ??= this.#readEnvelope()
    return this.#envelope
  }

  #readEnvelope(): Envelope {
    let at = this.#textsAt
    const text = (lengthField: number): string => {
      const length = this.#u16(lengthField)
      at += length
      return this.#text(at - length, length)
    }
    return {
      operation: this.#u16(RequestField.operation),
      contractVersion: this.#u16(RequestField.contractVersion),
      requestId: this.requestId,
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

  get #textsAt(): number {
    return REQUEST_HEADER_BYTES + this.keyCount * REQUEST_KEY_BYTES
  }
  #text(at: number, length: number): string {
    return Buffer.from(this.#bytes(at, length)).toString('utf8')
  }
  #u16(field: number): number {
    return this.memory.u16[(this.#at + field) >>> 1] ?? 0
  }
  #u32(field: number): number {
    return this.memory.u32[(this.#at + field) >>> 2] ?? 0
  }
  #bytes(field: number, length: number): Uint8Array {
    return this.memory.u8.subarray(this.#at + field, this.#at + field + length)
  }
}

/** A request with its records. Readable until control returns to the event loop. */
export class SavedRequest extends WrittenRequest {
  readonly #body: BookBody

  /** @param at byte offset of the request in the body's memory. */
  constructor(body: BookBody, at: number) {
    super(body, at)
    this.#body = body
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
