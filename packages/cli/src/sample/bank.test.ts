import { expect, test } from 'vitest'
import { BANK_COLUMNS, sampleBank } from './bank.ts'

const make = (options: { rows?: number; accounts?: number; seed?: number } = {}): string[] => [
  ...sampleBank({ rows: 2_000, accounts: 50, seed: 1, ...options }),
]

const SAMPLE = make()
  .slice(1)
  .map((line) => line.trimEnd().split(','))
const column = (name: (typeof BANK_COLUMNS)[number]): string[] =>
  SAMPLE.map((row) => row[BANK_COLUMNS.indexOf(name)] ?? '')
const cents = (text: string | undefined): number => Math.round(Number(text) * 100)

test('a seed is a file, and another seed another file', () => {
  expect(make()).toEqual(make())
  expect(make({ seed: 2 })).not.toEqual(make())
})

test('it has the columns and as many rows and accounts as asked for', () => {
  expect(make()[0]).toBe(
    'transaction_id,account_id,date,direction,operation,amount,balance_after,purpose,counterparty_bank,counterparty_account\n',
  )
  expect(SAMPLE).toHaveLength(2_000)
  expect(new Set(column('account_id')).size).toBe(50)
  expect(make({ rows: 3, accounts: 3 })).toHaveLength(4)
})

test('bookings are in order of date, and each has a number of its own', () => {
  const dates = column('date')
  expect(dates).toEqual([...dates].sort())
  expect(new Set(column('transaction_id')).size).toBe(2_000)
})

test("the bank's balances are those of the amounts, but for its rounding", () => {
  const balances = new Map<string, number>()
  const differences = column('account_id').map((account, row) => {
    const amount = cents(column('amount')[row])
    const sign = column('direction')[row] === 'credit' ? 1 : -1
    const balance = (balances.get(account) ?? 0) + sign * amount
    balances.set(account, balance)
    expect(amount).toBeGreaterThan(0)
    return Math.abs(balance - cents(column('balance_after')[row]))
  })
  expect(Math.max(...differences)).toBeLessThanOrEqual(80)
  expect(differences.filter((each) => each === 0).length).toBeGreaterThan(600)
  expect(differences.some((each) => each > 0)).toBe(true)
})

test('there are salaries, rents, cash, interest and fees', () => {
  const kinds = new Set(SAMPLE.map((row) => `${row[4]} ${row[7]}`.trim()))
  for (const kind of ['transfer_in', 'transfer_out household', 'cash_deposit', 'cash_withdrawal']) {
    expect(kinds).toContain(kind)
  }
  expect(kinds).toContain('interest')
  expect(kinds).toContain('cash_withdrawal statement_fee')
})

test('the whole sample has a few overdrawn rows, and differences up to more than half a crown', () => {
  const rows = make({ rows: 49_061, accounts: 1_229 }).slice(1)
  const overdrawn = rows.filter((line) => line.split(',')[6]?.startsWith('-')).length
  expect(overdrawn).toBeGreaterThan(20)
  expect(overdrawn).toBeLessThan(500)
  expect(new Set(rows.map((line) => line.split(',')[1])).size).toBe(1_229)
})

test('more accounts than rows cannot be', () => {
  expect(() => make({ rows: 2, accounts: 3 })).toThrow('more accounts than rows')
})
