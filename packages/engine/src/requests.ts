/**
 * Writes a request's envelope into a frame's body (docs/decisions/0001, "Requests"). The reader is `saved-request.ts`.
 *
 *   0 length u32 · 4 operation u16, contract version u16 · 8 first event u32, events u32 · 16 request id · 32 digest 32 ·
 *   64 received at u64 · 72 lengths of principal, key id, source, idempotency key, initiator u16 each · 82 look-up keys u16 ·
 *   84 length of the body u32 · 88 look-up keys 16 each · texts and body, one after the other · zeros up to a multiple of 8
 */
import { align8, type Memory } from '@tallystick/ledger'

import type { Envelope, LookUpKey } from './request.ts'

export const RequestField = {
  length: 0,
  operation: 4,
  contractVersion: 6,
  firstEvent: 8,
  eventCount: 12,
  requestId: 16,
  digest: 32,
  receivedAt: 64,
  principalLength: 72,
  keyIdLength: 74,
  sourceLength: 76,
  idempotencyKeyLength: 78,
  initiatorLength: 80,
  keyCount: 82,
  bodyLength: 84,
} as const

export const REQUEST_HEADER_BYTES = 88
export const REQUEST_KEY_BYTES = 16

/** What is written of a request. */
export interface RequestEntry {
  readonly envelope: Envelope
  readonly keys: readonly LookUpKey[]
  /** Index in the frame of its first event. */
  readonly firstEvent: number
  readonly eventCount: number
}

/** Bytes that a request takes in the body, padding included. */
export function requestBytes(envelope: Envelope, keyCount: number): number {
  return align8(
    REQUEST_HEADER_BYTES +
      keyCount * REQUEST_KEY_BYTES +
      Buffer.byteLength(envelope.principal) +
      Buffer.byteLength(envelope.keyId) +
      Buffer.byteLength(envelope.source) +
      Buffer.byteLength(envelope.idempotencyKey) +
      Buffer.byteLength(envelope.initiator) +
      envelope.body.length,
  )
}

/**
 * Writes a request at byte offset `at` of `memory`.
 * @param buffer the same bytes as `memory`, for text.
 * @returns the offset behind it.
 */
export function writeRequest(
  memory: Memory,
  buffer: Buffer,
  at: number,
  { envelope, keys, firstEvent, eventCount }: RequestEntry,
): number {
  const u16 = memory.u16
  const u32 = memory.u32
  u16[(at + RequestField.operation) >>> 1] = envelope.operation
  u16[(at + RequestField.contractVersion) >>> 1] = envelope.contractVersion
  u32[(at + RequestField.firstEvent) >>> 2] = firstEvent
  u32[(at + RequestField.eventCount) >>> 2] = eventCount
  memory.u8.set(envelope.requestId, at + RequestField.requestId)
  memory.u8.set(envelope.digest, at + RequestField.digest)
  memory.u64[(at + RequestField.receivedAt) >>> 3] = envelope.receivedAt
  u16[(at + RequestField.keyCount) >>> 1] = keys.length
  u32[(at + RequestField.bodyLength) >>> 2] = envelope.body.length
  let end = at + REQUEST_HEADER_BYTES
  for (const key of keys) {
    memory.u64[end >>> 3] = key.low
    memory.u64[(end + 8) >>> 3] = key.high
    end += REQUEST_KEY_BYTES
  }
  const text = (lengthField: number, value: string): void => {
    const length = value === '' ? 0 : buffer.write(value, end, 'utf8')
    u16[(at + lengthField) >>> 1] = length
    end += length
  }
  text(RequestField.principalLength, envelope.principal)
  text(RequestField.keyIdLength, envelope.keyId)
  text(RequestField.sourceLength, envelope.source)
  text(RequestField.idempotencyKeyLength, envelope.idempotencyKey)
  text(RequestField.initiatorLength, envelope.initiator)
  memory.u8.set(envelope.body, end)
  end += envelope.body.length
  const padded = align8(end)
  memory.u8.fill(0, end, padded)
  u32[(at + RequestField.length) >>> 2] = padded - at
  return padded
}
