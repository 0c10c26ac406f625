/** The lines of a dump (docs/dump-format.md), as they are written. */
import type { ExportedEvent, ExportedGroup, ExportedRequest } from '@tallystick/engine'

import { askedJson, bytesJson } from './asked.ts'
import { decidedJson } from './decided.ts'
import { kindName, statusName } from './names.ts'

export const DUMP_FORMAT = 'tallystick/dump'
export const DUMP_VERSION = 1

export interface DumpHeader {
  /** Hex. */
  readonly journalId: string
  readonly shard: number
  /** Newest event. */
  readonly lastSequence: number
  /** RFC 3339. */
  readonly writtenAt: string
}

export interface DumpEnd {
  readonly groups: number
  readonly requests: number
  readonly events: number
  readonly lastSequence: number
  readonly contentHash: string
  readonly stateHash: string
}

/** Without the SHA-256 of the lines before it. */
export function endLine({ contentHash, stateHash, ...rest }: DumpEnd, sha256: string): string {
  const { groups, requests, events, lastSequence } = rest
  return JSON.stringify({
    end: {
      ...{ groups, requests, events, last_sequence: lastSequence },
      ...{ content_hash: contentHash, state_hash: stateHash, sha256 },
    },
  })
}

export function headerLine({ journalId, shard, lastSequence, writtenAt }: DumpHeader): string {
  return JSON.stringify({
    ...{ format: DUMP_FORMAT, version: DUMP_VERSION, journal: journalId, shard },
    ...{ last_sequence: lastSequence, written_at: writtenAt },
  })
}

export function groupLine(group: ExportedGroup): string {
  const { firstSequence, timestamp, salt, rulesVersion, requests, events } = group
  return JSON.stringify({
    group: {
      ...{ sequence: firstSequence, timestamp: timestamp.toString(), rules: rulesVersion },
      ...{ requests, events, salt: hex(salt) },
    },
  })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export function requestLine({ envelope, keys, events }: ExportedRequest): string {
  return JSON.stringify({
    request: {
      ...{ id: hex(envelope.requestId), operation: envelope.operation },
      ...{ contract: envelope.contractVersion, digest: hex(envelope.digest) },
      received_at: envelope.receivedAt.toString(),
      ...{ principal: envelope.principal, key_id: envelope.keyId, source: envelope.source },
      ...{ idempotency_key: envelope.idempotencyKey, initiator: envelope.initiator },
      keys: keys.map(({ low, high }) => ((high << 64n) | low).toString(16).padStart(32, '0')),
      ...{ events, ...bytesJson('body', envelope.body) },
    },
  })
}

export function eventLine(
  { record, command }: ExportedEvent,
  accountId: (slot: number) => bigint,
): string {
  const kind = kindName(record.kind)
  return JSON.stringify({
    event: record.sequence,
    timestamp: record.timestamp.toString(),
    ...{ kind, status: statusName(kind, record.status) },
    asked: command && askedJson(command),
    decided: decidedJson(record, accountId),
  })
}
