import {
  NoAnswer,
  type ProblemFacts,
  Unavailable,
  Unauthenticated,
  NotFound,
  Conflict,
  Refused,
  MalformedRequest,
  Forbidden,
} from '@tallystick/sdk'
import { expect, test } from 'vitest'
import { ExitCode } from './exit-code.ts'
import { failureOf, usageError } from './failure.ts'

const facts: ProblemFacts = {
  status: 422,
  code: 'exceeds_credits',
  title: 'T',
  detail: 'users:1 has 5.',
  param: undefined,
  requestId: 'req_1',
  account: 'users:1',
  needed: 9n,
  available: 5n,
  limit: 0n,
  ceiling: undefined,
  resetsAt: undefined,
  retryAfterMs: undefined,
}

test.each([
  [new Refused(facts), ExitCode.refused],
  [new Conflict(facts), ExitCode.refused],
  [new MalformedRequest(facts), ExitCode.usage],
  [new Unauthenticated(facts), ExitCode.unreachable],
  [new Forbidden(facts), ExitCode.unreachable],
  [new Unavailable(facts), ExitCode.unreachable],
  [new NotFound(facts), ExitCode.notFound],
  [new NoAnswer('no answer', undefined, new Error('refused')), ExitCode.unreachable],
  [usageError('wrong'), ExitCode.usage],
  [Object.assign(new Error('bad frame'), { name: 'JournalCorrupt' }), ExitCode.corrupt],
  [Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' }), ExitCode.usage],
  [new TypeError('x is undefined'), ExitCode.internal],
  ['thrown text', ExitCode.internal],
])('%s ends with %i', (error, exitCode) => {
  expect(failureOf(error).exitCode).toBe(exitCode)
})

test('a problem keeps its code and its facts', () => {
  expect(failureOf(new Refused(facts))).toMatchObject({
    code: 'exceeds_credits',
    message: 'users:1 has 5.',
    facts: { account: 'users:1', needed: 9n, available: 5n },
  })
})

test('why there was no answer is said, however deep it lies', () => {
  const deep = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
  expect(failureOf(new NoAnswer('no answer from u', 'key', deep)).message).toBe(
    'no answer from u (connect ECONNREFUSED)',
  )
})
