/**
 * The real bookings of a bank, where TALLY_BANK_DATA names their folder: every row, every account, every month.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tallystick } from '@tallystick/sdk'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RunningLedger } from './running-ledger.ts'

const FOLDER = process.env['TALLY_BANK_DATA'] ?? ''
const FILE = join(FOLDER, 'transactions.csv')
const ROWS = 49_061
const OVERDRAWN = 93
const CONCURRENT = 32

interface Row {
  readonly account_id: string
  readonly date: string
  readonly direction: 'credit' | 'debit'
  readonly amount: string
  readonly balance_after: string
}

const hellers = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(2, '0'))
}
const signed = ({ direction, amount }: Row): bigint =>
  direction === 'credit' ? hellers(amount) : -hellers(amount)

async function each<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
}

describe.runIf(FOLDER !== '')('the real bank', () => {
  let ledger: RunningLedger
  let tally: Tallystick
  let rows: Row[] = []
  const byAccount = new Map<string, Row[]>()
  const argv = [
    'import',
    FILE,
    '--map',
    'bank',
    '--check-balance',
    'balance_after',
    '--tolerance',
    '0.80',
  ]

  beforeAll(async () => {
    ledger = await RunningLedger.start()
    const { url, rootKey: key } = ledger.server
    tally = new Tallystick({ url, key, watch: false })
    rows = parse(readFileSync(FILE), { columns: true }) as Row[]
    for (const row of rows) {
      const list = byAccount.get(row.account_id) ?? []
      list.push(row)
      byAccount.set(row.account_id, list)
    }
  })

  afterAll(() => ledger.stop())

  test('every row is booked and within 0.80 of what the bank says', async () => {
    expect(rows).toHaveLength(ROWS)
    expect(rows.filter((row) => row.balance_after.startsWith('-'))).toHaveLength(OVERDRAWN)
    expect(await ledger.json(...argv)).toMatchObject({
      rows: ROWS,
      created: ROWS,
      refused: 0,
      check: {
        rows: ROWS,
        missing: 0,
        exact: 28_026,
        largest: [{ difference: '80', asset: 'CZK/2' }],
      },
    })
  })

  test('every account has the entries of its rows: amounts, dates and running balances', async () => {
    await each([...byAccount], async ([account, own]) => {
      const query = { by: 'effective', to: '1995-01-01T00:00:00Z' } as const
      const statement = await tally.accounts.statement(`customers:${account}`, query)
      let balance = 0n
      const expected = own.map((row) => {
        balance += signed(row)
        const { direction, date } = row
        const effectiveAt = `${date}T00:00:00.000000000Z`
        return { direction, amount: hellers(row.amount), effectiveAt, balance }
      })
      expect(
        statement.entries.map(({ direction, amount, effectiveAt, balance }) => {
          return { direction, amount, effectiveAt, balance }
        }),
      ).toEqual(expected)
      const total = (side: string): bigint =>
        own
          .filter(({ direction }) => direction === side)
          .reduce((sum, row) => sum + hellers(row.amount), 0n)
      expect(statement).toMatchObject({
        opening: { balance: 0n },
        closing: { balance },
        totals: { entries: BigInt(own.length), debits: total('debit'), credits: total('credit') },
      })
    })
  })

  test('at the end of each month every balance is the fold of the rows', async () => {
    const months = [...new Set(rows.map(({ date }) => date.slice(0, 7)))].sort()
    expect(months).toHaveLength(15)
    const asked = [...byAccount].flatMap(([account, own]) =>
      months.map((month) => ({ account, own, month })),
    )
    await each(asked, async ({ account, own, month }) => {
      const next = Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString()
      const at = Temporal.Instant.from(`${next}-01T00:00:00Z`)
        .subtract({ nanoseconds: 1 })
        .toString()
      const { balances } = await tally.accounts.balance(`customers:${account}`, {
        at,
        by: 'effective',
      })
      const fold = own
        .filter(({ date }) => date < `${next}-01`)
        .reduce((sum, row) => sum + signed(row), 0n)
      expect(balances.balance).toBe(fold)
    })
  })

  test('the trial balance is zero', async () => {
    const [totals] = await tally.balances.totals({ groupBy: 0 }).toArray()
    expect(totals).toMatchObject({
      asset: 'CZK/2',
      balance: 0n,
      debitsPending: 0n,
      creditsPending: 0n,
    })
    expect(totals?.debitsPosted).toBe(rows.reduce((sum, row) => sum + hellers(row.amount), 0n))
    expect(totals?.creditsPosted).toBe(totals?.debitsPosted)
  })

  test('a second import changes nothing', async () => {
    const hash = await ledger.contentHash()
    expect(await ledger.json(...argv)).toMatchObject({
      created: 0,
      existed: ROWS,
      accounts_opened: 0,
    })
    expect(await ledger.contentHash()).toBe(hash)
  })
})
