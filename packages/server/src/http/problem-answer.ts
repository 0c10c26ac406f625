/** The one place where what went wrong becomes HTTP. */
import { type ProblemFacts, problemOf, PROBLEMS } from '@tallystick/contract'
import { EngineError } from '@tallystick/engine'

import { RETRY_AFTER_SECONDS } from '../limits.ts'
import { Refused } from './refused.ts'

export interface ProblemAnswer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** @param instance path of the request. */
export function problemAnswer(
  facts: ProblemFacts,
  request: { readonly requestId: string; readonly instance?: string; readonly publicUrl: string },
  headers: Readonly<Record<string, string>> = {},
): ProblemAnswer {
  const { status } = PROBLEMS[facts.code]
  const { requestId, instance, publicUrl } = request
  const problem = problemOf(
    { ...facts, instance: facts.instance ?? instance },
    requestId,
    publicUrl,
  )
  const retry = status === 503 || status === 429 ? { 'retry-after': `${RETRY_AFTER_SECONDS}` } : {}
  return { status, text: JSON.stringify(problem), headers: { ...retry, ...headers } }
}

/** What an error means to the client; `internal_error` for whatever nobody foresaw. */
export function factsOfError(error: unknown): ProblemFacts {
  if (error instanceof Refused) return error.facts
  if (error instanceof EngineError) return factsOfEngine(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return FASTIFY[code] ?? { code: 'internal_error', detail: 'Something failed that should not.' }
}

/** True when an operator has to hear of it. */
export function isAlarming({ code }: ProblemFacts): boolean {
  return code === 'internal_error' || code === 'outcome_unknown'
}

function factsOfEngine(error: EngineError): ProblemFacts {
  switch (error.code) {
    case 'key_conflict':
      return {
        code: 'idempotency_key_reused',
        param: 'idempotency-key',
        detail: 'The same key or reference was used before with another request.',
      }
    case 'overloaded':
      return { code: 'overloaded', detail: 'Too much is waiting already; nothing was decided.' }
    case 'storage_full':
      return { code: 'storage_full', detail: 'The disk is full; nothing was decided.' }
    case 'clock_jump':
      return { code: 'clock_jump', detail: 'The clock jumped; nothing was decided.' }
    case 'unavailable':
      return { code: 'unavailable', detail: 'The ledger is not open; nothing was decided.' }
    case 'outcome_unknown':
      return { code: 'outcome_unknown', detail: 'The write failed after it was decided.' }
    case 'too_large':
      return { code: 'batch_too_large', param: 'body', detail: error.message }
    case 'invalid':
      return { code: 'invalid_parameter', detail: error.message }
    case 'forbidden':
      return { code: 'forbidden', detail: 'A right that this needs was taken back.' }
    case 'corrupt':
      return { code: 'internal_error', detail: 'The book cannot be read there.' }
  }
}

/** What Fastify finds wrong by itself. */
const FASTIFY: Readonly<Record<string, ProblemFacts>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    param: 'body',
    detail: 'The body passes the limit of this operation.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'bad_request',
    param: 'content-length',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    param: 'content-type',
    detail: 'The Content-Type cannot be read.',
  },
  FST_ERR_BAD_URL: { code: 'bad_request', detail: 'The path is not well-formed.' },
  FST_ERR_ASYNC_CONSTRAINT: { code: 'bad_request', detail: 'The request is not well-formed.' },
}
