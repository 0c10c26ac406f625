/** The lines of a dump as they are read: what each one says, or why it says nothing. */
import type { Envelope } from '@tallystick/engine'

import { type Fields, fieldsOf, Malformed } from '../fields.ts'
import { bytesOf } from './asked.ts'
import { DUMP_FORMAT, DUMP_VERSION, type DumpEnd } from './lines.ts'
import { isKind, type Kind } from './names.ts'

export interface GroupHead {
  readonly sequence: number
  readonly timestamp: bigint
  readonly rules: number
  readonly requests: number
  readonly events: number
  readonly salt: Uint8Array
}

export interface RequestHead {
  readonly envelope: Envelope
  readonly keys: readonly { readonly low: bigint; readonly high: bigint }[]
  readonly events: number
}

export type DumpLine =
  | { readonly line: 'header'; readonly shard: number }
  | { readonly line: 'group'; readonly group: GroupHead }
  | { readonly line: 'request'; readonly request: RequestHead }
  | { readonly line: 'event'; readonly kind: Kind; readonly asked: Fields | undefined }
  | { readonly line: 'end'; readonly end: DumpEnd & { readonly sha256: string } }

/** @throws Malformed. */
export function parseLine(text: string): DumpLine {
  const fields = fieldsOf(json(text), 'the line')
  const group = fields.optional('group')
  if (group !== undefined) return { line: 'group', group: groupOf(group) }
  const request = fields.optional('request')
  if (request !== undefined) return { line: 'request', request: requestOf(request) }
  if (fields.any('event') !== undefined) return eventOf(fields)
  const end = fields.optional('end')
  if (end !== undefined) return { line: 'end', end: endOf(end) }
  return headerOf(fields)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Malformed('it is no JSON')
  }
}

function headerOf(fields: Fields): DumpLine {
  const [format, version] = [fields.text('format'), fields.count('version')]
  if (format !== DUMP_FORMAT || version !== DUMP_VERSION) {
    throw new Malformed(
      `it is ${format} ${version}; this program knows ${DUMP_FORMAT} ${DUMP_VERSION}`,
    )
  }
  return { line: 'header', shard: fields.count('shard') }
}

function groupOf(fields: Fields): GroupHead {
  return {
    ...{ sequence: fields.count('sequence'), timestamp: fields.integer('timestamp') },
    ...{ rules: fields.count('rules'), requests: fields.count('requests') },
    ...{ events: fields.count('events'), salt: Buffer.from(fields.hex('salt', 32), 'hex') },
  }
}

function requestOf(fields: Fields): RequestHead {
  return {
    envelope: {
      ...{ operation: fields.count('operation'), contractVersion: fields.count('contract') },
      requestId: Buffer.from(fields.hex('id', 16), 'hex'),
      digest: Buffer.from(fields.hex('digest', 32), 'hex'),
      receivedAt: fields.integer('received_at'),
      ...{ principal: fields.text('principal'), keyId: fields.text('key_id') },
      ...{ source: fields.text('source'), idempotencyKey: fields.text('idempotency_key') },
      ...{ initiator: fields.text('initiator'), body: bytesOf(fields, 'body') },
    },
    keys: fields.texts('keys').map(keyOf),
    events: fields.count('events'),
  }
}

function keyOf(text: string): { low: bigint; high: bigint } {
  if (!/^[0-9a-f]{32}$/.test(text)) throw new Malformed('a key has not 32 hex digits')
  const key = BigInt(`0x${text}`)
  return { low: BigInt.asUintN(64, key), high: key >> 64n }
}

function eventOf(fields: Fields): DumpLine {
  const kind = fields.text('kind')
  if (!isKind(kind)) throw new Malformed(`${kind} is no kind of event`)
  return { line: 'event', kind, asked: fields.optional('asked') }
}

function endOf(fields: Fields): DumpEnd & { sha256: string } {
  return {
    ...{ groups: fields.count('groups'), requests: fields.count('requests') },
    ...{ events: fields.count('events'), lastSequence: fields.count('last_sequence') },
    contentHash: fields.hex('content_hash', 32),
    stateHash: fields.hex('state_hash', 32),
    sha256: fields.hex('sha256', 32),
  }
}
