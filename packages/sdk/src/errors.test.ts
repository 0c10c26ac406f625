import { PROBLEMS } from '@tallystick/contract'
import { expect, test } from 'vitest'
import * as errors from './errors.ts'

const factsOf = (code: string, status: number): errors.ProblemFacts => ({
  code,
  status,
  title: '',
  detail: 'why',
  param: undefined,
  requestId: undefined,
  account: 'a',
  needed: 3n,
  available: 2n,
  limit: 0n,
  ceiling: undefined,
  resetsAt: undefined,
  retryAfterMs: undefined,
})

test.each([
  ['exceeds_credits', 422, errors.ExceedsCredits, errors.LimitExceeded],
  ['exceeds_debits', 422, errors.ExceedsDebits, errors.LimitExceeded],
  ['exceeds_subtree_limit', 422, errors.ExceedsSubtreeLimit, errors.Refused],
  ['exceeds_ceiling', 422, errors.ExceedsCeiling, errors.LimitExceeded],
  ['debit_account_not_found', 422, errors.Refused, errors.ProblemError],
  ['idempotency_key_reused', 422, errors.IdempotencyKeyReused, errors.Refused],
  ['exists_with_different_amount', 409, errors.ExistsDifferently, errors.Conflict],
  ['pending_transfer_expired', 409, errors.Conflict, errors.ProblemError],
  ['precondition_failed', 412, errors.Conflict, errors.ProblemError],
  ['unknown_field', 400, errors.MalformedRequest, errors.ProblemError],
  ['unauthenticated', 401, errors.Unauthenticated, errors.ProblemError],
  ['forbidden', 403, errors.Forbidden, errors.ProblemError],
  ['not_found', 404, errors.NotFound, errors.ProblemError],
  ['rate_limited', 429, errors.RateLimited, errors.ProblemError],
  ['storage_full', 503, errors.Unavailable, errors.ProblemError],
  ['http_502', 502, errors.Unavailable, errors.TallystickError],
])('%s (%i) has its class', (code, status, own, parent) => {
  const error = errors.problemError(factsOf(code, status))
  expect(error.constructor).toBe(own)
  expect(error).toBeInstanceOf(parent)
  expect(error.name).toBe(own.name)
  expect(error).toMatchObject({ code, status, message: `${code}: why`, needed: 3n })
})

test('every problem of the contract has a class of its own kind', () => {
  for (const [code, { status }] of Object.entries(PROBLEMS)) {
    expect(errors.problemError(factsOf(code, status)).constructor).not.toBe(errors.ProblemError)
  }
})
