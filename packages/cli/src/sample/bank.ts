/**
 * `tally sample bank`: a bank's bookings, made up from a seed. The columns, the order and the habits are those of a real
 * bank's published bookings: accounts open one after another, incomes come by the month, interest and fees on its last day,
 * and the bank's own balances are rounded, so that they differ from an exact sum by up to 0.80.
 */
import { usageError } from '../failure.ts'
import { Customer } from './customer.ts'
import { Random } from './random.ts'

export const SAMPLE_ROWS_DEFAULT = 49_061
export const SAMPLE_ACCOUNTS_DEFAULT = 1_229
export const SAMPLE_ROWS_MAX = 50_000_000
export const SAMPLE_ACCOUNTS_MAX = 1_000_000

export const BANK_COLUMNS = [
  'transaction_id',
  'account_id',
  'date',
  'direction',
  'operation',
  'amount',
  'balance_after',
  'purpose',
  'counterparty_bank',
  'counterparty_account',
] as const

/** All accounts are open after so many days for each booking that an account has on average, and never later than that. */
const OPENING_DAYS_PER_BOOKING = 8
const OPENING_DAYS_MAX = 365
/** Numbers of accounts lie this close, on average. */
const ACCOUNT_STEP = 9
const FIRST_YEAR = 2025

export interface SampleOptions {
  readonly rows: number
  readonly accounts: number
  readonly seed: number
}

/** The lines of the file, the header first, each with its line feed. */
export function* sampleBank(options: SampleOptions): Generator<string, void, undefined> {
  const { rows, accounts } = options
  if (rows < accounts) throw usageError('There are more accounts than rows.')
  yield `${BANK_COLUMNS.join(',')}\n`
  let written = 0
  for (const line of linesForEver(options)) {
    yield line
    if (++written === rows) return
  }
}

function* linesForEver({
  rows,
  accounts,
  seed,
}: SampleOptions): Generator<string, never, undefined> {
  const random = new Random(seed)
  const ids = accountIds(accounts, random)
  const stride = accounts * ACCOUNT_STEP + 1
  const customers: Customer[] = []
  for (const day of days()) {
    const due = openedBy(day.number, { rows, accounts })
    const before = customers.length
    while (customers.length < due) customers.push(new Customer(ids[customers.length] ?? 0, random))
    for (const [index, customer] of customers.entries()) {
      yield* linesOf(customer, { ...day, isFirst: index >= before }, stride)
    }
  }
  throw new Error('days do not end')
}

function* linesOf(customer: Customer, day: Day & { readonly isFirst: boolean }, stride: number) {
  for (const booking of customer.bookingsOf(day)) {
    // Unlike any other, and not in the order of booking.
    const number = customer.bookings * stride + customer.id
    const amounts = [decimal(booking.amount), decimal(customer.balanceAfter)]
    const { direction, operation, purpose, bank, counterparty } = booking
    const cells = [number, customer.id, day.text, direction, operation, ...amounts, purpose, bank]
    yield `${cells.join(',')},${counterparty}\n`
  }
}

/** As many as shall be open at the end of a day, evenly within the days of opening. */
function openedBy(day: number, { rows, accounts }: { rows: number; accounts: number }): number {
  const byRows = Math.max(1, Math.floor((rows / accounts) * OPENING_DAYS_PER_BOOKING) - 9)
  const openingDays = Math.min(OPENING_DAYS_MAX, byRows)
  return Math.min(accounts, Math.ceil((accounts * (day + 1)) / openingDays))
}

interface Day {
  readonly number: number
  readonly text: string
  /** Of the month, from 1. */
  readonly date: number
  readonly isLast: boolean
}

function* days(): Generator<Day, never, undefined> {
  let date = Temporal.PlainDate.from({ year: FIRST_YEAR, month: 1, day: 1 })
  for (let number = 0; ; number++) {
    const isLast = date.day === date.daysInMonth
    yield { number, text: date.toString(), date: date.day, isLast }
    date = date.add({ days: 1 })
  }
}

/** Numbers without order or repetition, as accounts have them. */
function accountIds(count: number, random: Random): number[] {
  const ids = Array.from(
    { length: count },
    (_, index) => index * ACCOUNT_STEP + random.between(1, ACCOUNT_STEP),
  )
  for (let last = ids.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const swapped = ids[last] ?? 0
    ids[last] = ids[other] ?? 0
    ids[other] = swapped
  }
  return ids
}

function decimal(hellers: number): string {
  const sign = hellers < 0 ? '-' : ''
  const digits = Math.abs(hellers).toString().padStart(3, '0')
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
