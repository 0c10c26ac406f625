import { expect, test } from 'vitest'
import { wireText } from './wire-text.ts'

test('names and amounts are those of the HTTP interface', () => {
  expect(wireText({ debitAccount: 'a', amount: 5n, parent: null, limit: undefined })).toBe(
    '{"debit_account":"a","amount":"5","parent":null}',
  )
})

test('what people wrote stays as it is: metadata, and addresses with capitals', () => {
  const zero = { debitsPosted: 0n }
  expect(wireText({ metadata: { orderId: 'X' }, balances: { 'users:Bob': zero } })).toBe(
    '{"metadata":{"orderId":"X"},"balances":{"users:Bob":{"debits_posted":"0"}}}',
  )
  expect(wireText({ balances: zero })).toBe('{"balances":{"debits_posted":"0"}}')
})
