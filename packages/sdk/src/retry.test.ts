import { expect, test } from 'vitest'
import { isRetryable, retryAfterMs, sleep, waitMs } from './retry.ts'

test.each([
  [1, undefined, 0, 50],
  [1, undefined, 1, 100],
  [2, undefined, 1, 200],
  [4, undefined, 0, 400],
  [40, undefined, 1, 8_000],
  [1, 2_000, 0, 2_050],
])('try %i, retry after %s, dice %d: wait %i ms', (tries, after, random, ms) => {
  expect(waitMs(tries, after, random)).toBe(ms)
})

test.each([
  [null, undefined],
  ['3', 3_000],
  ['0', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['Thu, 01 Jan 1970 00:00:12 GMT', 2_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
])('Retry-After %j means %s', (header, ms) => {
  expect(retryAfterMs(header, 10_000)).toBe(ms)
})

test('what a repeat may mend', () => {
  expect([200, 400, 401, 404, 409, 422, 429, 500, 502, 503].filter(isRetryable)).toEqual([
    429, 500, 502, 503,
  ])
})

test('sleep ends at once when it is aborted', async () => {
  const controller = new AbortController()
  const sleeping = sleep(60_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(sleeping).rejects.toThrow('enough')
  await expect(sleep(60_000, controller.signal)).rejects.toThrow('enough')
})
