import { expect, test } from 'vitest'
import { PROBLEM_EXAMPLE } from './examples.ts'
import { isLedgerProblem, isProblemCode, problemOf, PROBLEMS } from './problems.ts'
import { LEDGER_PROBLEMS } from './problems/ledger.ts'
import { isGood, STATUSES } from './statuses.ts'

const statuses = new Set<string>(Object.values(STATUSES).flat())

test('every status of the ledger is good or a problem, and the other way round', () => {
  const refusals = [...statuses].filter((status) => !isGood(status))
  expect(refusals.sort()).toEqual(Object.keys(LEDGER_PROBLEMS).sort())
})

test('what the ledger decides is remembered, so it is never a 400 or 404', () => {
  for (const { status } of Object.values(LEDGER_PROBLEMS)) expect([409, 422]).toContain(status)
})

test('a status is in its table once', () => {
  for (const table of Object.values(STATUSES)) expect(new Set(table).size).toBe(table.length)
})

test('numbers are places: a few that are in books already', () => {
  expect(STATUSES.create_transfer[16]).toBe('exists')
  expect(STATUSES.create_transfer[32]).toBe('debit_account_not_found')
  expect(STATUSES.create_transfer[62]).toBe('exceeds_credits')
  expect(STATUSES.create_transfer).toHaveLength(66)
  expect(STATUSES.create_account[18]).toBe('subtree_limit_needs_a_flag')
  expect(STATUSES.close_account[7]).toBe('account_closed_by_transfer')
  expect(STATUSES.register_asset[7]).toBe('name_taken')
  expect(STATUSES.close_books[5]).toBe('asset_must_not_be_zero')
})

test('every problem says what it means and what to do', () => {
  for (const [code, { title, about, next }] of Object.entries(PROBLEMS)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z]/)
    for (const text of [about, next]) expect(text).toMatch(/^.+\.$/s)
  }
})

test('codes are told from other text', () => {
  expect(isProblemCode('exceeds_credits')).toBe(true)
  expect(isProblemCode('constructor')).toBe(false)
  expect(isLedgerProblem('exceeds_credits')).toBe(true)
  expect(isLedgerProblem('not_found')).toBe(false)
})

test('a problem is made of its facts, in the order of the documents', () => {
  const { type: _, title: __, status: ___, request_id: id, ...facts } = PROBLEM_EXAMPLE
  const problem = problemOf({ ...facts, code: 'exceeds_credits' }, id)
  expect(JSON.stringify(problem)).toBe(JSON.stringify(PROBLEM_EXAMPLE))
  const { type } = problemOf({ code: 'not_found', detail: 'x' }, id, 'https://ledger.example')
  expect(type).toBe('https://ledger.example/docs/errors#not_found')
})
