/** Holds a request to the engine's limits before it waits, and says how much of a frame it may take. */
import {
  align8,
  COMMAND_SIZE,
  CommandField,
  COMMANDS_PER_BATCH_MAX,
  type PackedBatch,
} from '@tallystick/ledger'

import { EngineError } from './errors.ts'
import {
  EVENT_BYTES_MAX,
  REQUEST_BODY_BYTES_MAX,
  REQUEST_BYTES_MAX,
  REQUEST_KEYS_MAX,
  REQUEST_TEXT_BYTES_MAX,
} from './limits.ts'
import type { LedgerRequest } from './request.ts'
import { requestBytes } from './requests.ts'

/** The most bytes that a request takes in a frame. @throws EngineError `too_large` or `invalid`. */
export function requestBound(request: LedgerRequest): number {
  const { batch } = request
  if (batch.count < 1) throw new EngineError('invalid', 'a request has at least one command')
  if (batch.count > COMMANDS_PER_BATCH_MAX) refuse('commands', COMMANDS_PER_BATCH_MAX)
  if (request.keys.length > REQUEST_KEYS_MAX) refuse('look-up keys', REQUEST_KEYS_MAX)
  if (request.body.length > REQUEST_BODY_BYTES_MAX) refuse('bytes of body', REQUEST_BODY_BYTES_MAX)
  if (request.requestId.length !== 16 || request.digest.length !== 32) {
    throw new EngineError('invalid', 'a request id has 16 bytes, a digest 32')
  }
  for (const text of [
    request.principal,
    request.keyId,
    request.source,
    request.idempotencyKey,
    request.initiator,
  ]) {
    // A UTF-16 unit is at most three bytes of UTF-8: counted only when that could matter.
    if (text.length * 3 <= REQUEST_TEXT_BYTES_MAX) continue
    if (Buffer.byteLength(text) > REQUEST_TEXT_BYTES_MAX) {
      refuse('bytes of one text', REQUEST_TEXT_BYTES_MAX)
    }
  }
  const bytes = requestBytes(request, request.keys.length) + dataBytes(batch)
  if (bytes + batch.count * COMMAND_SIZE > REQUEST_BYTES_MAX) refuse('bytes', REQUEST_BYTES_MAX)
  return bytes + batch.count * EVENT_BYTES_MAX
}

/**
 * Bytes of data that the commands refer to. Summed, because commands from outside may all refer to the same data, and each record
 * has its own copy.
 */
function dataBytes(batch: PackedBatch): number {
  const { u32 } = batch.memory
  let bytes = 0
  for (let index = 0; index < batch.count; index++) {
    const at = index * COMMAND_SIZE
    bytes += align8(u32[(at + CommandField.metadataLength) >>> 2] ?? 0)
    bytes += align8(u32[(at + CommandField.addressLength) >>> 2] ?? 0)
  }
  return bytes
}

function refuse(what: string, max: number): never {
  throw new EngineError('too_large', `a request has at most ${max} ${what}`)
}
