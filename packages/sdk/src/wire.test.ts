import { expect, test } from 'vitest'
import { fromWire, queryText, toWire } from './wire.ts'

test('names become snake_case, whole numbers and times text, undefined nothing', () => {
  const asked = {
    debitAccount: 'a:b_c',
    amount: 2n ** 127n,
    effectiveAt: new Date('2026-11-21T09:00:00Z'),
    openMissing: true,
    reference: undefined,
    subtreeLimit: null,
    metadata: { camelCase: { snake_case: [1] } },
    postings: [{ amount: 1n }],
  }
  expect(toWire(asked)).toEqual({
    debit_account: 'a:b_c',
    amount: '170141183460469231731687303715884105728',
    effective_at: '2026-11-21T09:00:00.000Z',
    open_missing: true,
    subtree_limit: null,
    metadata: { camelCase: { snake_case: [1] } },
    postings: [{ amount: '1' }],
  })
})

test('a transfer comes back in the words of programs, its addresses untouched', () => {
  const balances = { debits_pending: '0', debits_posted: '1', balance: '-1', available: null }
  const answered = {
    object: 'transfer',
    amount: '2500',
    pending_id: null,
    timeout_seconds: 600,
    metadata: { order_id: '17', amount: '3' },
    sequence: '3',
    effective_at: '2026-11-21T09:00:00.123456789Z',
    balances: { 'users:user_1:wallet': balances, debits_posted: balances },
  }
  const read = { debitsPending: 0n, debitsPosted: 1n, balance: -1n, available: null }
  expect(fromWire(answered)).toEqual({
    object: 'transfer',
    amount: 2500n,
    pendingId: null,
    timeoutSeconds: 600,
    metadata: { order_id: '17', amount: '3' },
    sequence: 3n,
    effectiveAt: '2026-11-21T09:00:00.123456789Z',
    balances: { 'users:user_1:wallet': read, debits_posted: read },
  })
})

test('an account has its own balances, and a page its rows', () => {
  const account = { balances: { debits_posted: '1', available: '5' }, entries: '2', limit: '0' }
  expect(fromWire({ data: [account], has_more: false, next_cursor: null })).toEqual({
    data: [{ balances: { debitsPosted: 1n, available: 5n }, entries: 2n, limit: 0n }],
    hasMore: false,
    nextCursor: null,
  })
})

test('a name that is whole somewhere and a number elsewhere stays what it was', () => {
  expect(fromWire({ number: 978, entries: [{ number: '1' }] })).toEqual({
    number: 978,
    entries: [{ number: 1n }],
  })
})

test('a query leaves out what is undefined, and escapes the rest', () => {
  expect(queryText({})).toBe('')
  expect(queryText({ from: new Date(0), groupBy: 2, prefix: undefined, cursor: 'a&b' })).toBe(
    '?from=1970-01-01T00%3A00%3A00.000Z&group_by=2&cursor=a%26b',
  )
})
