/** A request as its client remembers it: what was asked, and what became of it as far as the client knows. */
import { hash } from 'node:crypto'

import { idempotencyKey, type LedgerRequest, type Outcome, requestKey } from '@tallystick/engine'
import { type Command, packBatch } from '@tallystick/ledger'

export interface Answer {
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  readonly statuses: readonly number[]
  /** Of an earlier request with the same key. */
  readonly replayed: boolean
}

/**
 * `waits`: no answer yet. `not decided`: the engine said that nothing was decided. `unknown`: it said that nobody knows, or died
 * before it said anything. `lost`: it died, and the book that was recovered does not have it, so it never will.
 */
type Knowledge = 'waits' | 'answered' | 'not decided' | 'unknown' | 'lost'

export interface Submission {
  readonly number: number
  /** undefined: without an idempotency key. */
  readonly key: string | undefined
  readonly commands: readonly Command[]
  readonly request: LedgerRequest
  readonly digest: string
  knowledge: Knowledge
  answer: Answer | undefined
  /** A client has taken up again what became of it. */
  takenUp: boolean
}

export interface Asked {
  readonly number: number
  readonly key: string | undefined
  readonly commands: readonly Command[]
  readonly bodyBytes: number
  readonly lane: LedgerRequest['lane']
  readonly dryRun: boolean
  readonly receivedAt: bigint
}

const PRINCIPAL = 'simulated'

export function submissionOf(asked: Asked): Submission {
  const { number, key, commands, lane, dryRun, receivedAt } = asked
  const batch = packBatch(commands)
  const bytes = batch.memory.u8.subarray(0, batch.dataOffset + batch.dataLength)
  const digest = hash('sha256', bytes, 'buffer')
  const requestId = new Uint8Array(16)
  new DataView(requestId.buffer).setUint32(0, number)
  const request: LedgerRequest = {
    ...{ operation: 0, contractVersion: 0, requestId, digest, receivedAt, lane, dryRun, batch },
    ...{ principal: PRINCIPAL, keyId: '', source: '', idempotencyKey: key ?? '', initiator: '' },
    body: new Uint8Array(asked.bodyBytes).fill(32 + (number % 90)),
    keys: key === undefined ? [requestKey(requestId)] : [idempotencyKey(PRINCIPAL, key)],
  }
  const hex = digest.toString('hex')
  const nothing = { knowledge: 'waits', answer: undefined, takenUp: false } as const
  return { number, key, commands, request, digest: hex, ...nothing }
}

/** Number of the submission whose request id this is. */
export function numberOf(requestId: Uint8Array): number {
  return Buffer.from(requestId).readUInt32BE(0)
}

export function answerOf(outcome: Outcome): Answer {
  const { firstSequence, firstTimestamp, count, replayed } = outcome
  const statuses = Array.from({ length: count }, (_, index) => outcome.status(index))
  return { firstSequence, firstTimestamp, statuses, replayed }
}
