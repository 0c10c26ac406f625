import { expect, test } from 'vitest'
import { BalanceCheck } from './balance-check.ts'
import type { Balance, BookingTarget, ImportCommand } from './booking-target.ts'
import { type Answered, Importer } from './importer.ts'
import type { Booking, RefusedRow } from './row-mapper.ts'

/** Remembers what was sent, and refuses transfers above a thousand. */
class Target implements BookingTarget {
  readonly sent: ImportCommand[][] = []
  readonly #known = new Set<string>()
  readonly #balances = new Map<string, Balance[]>()
  onTheWay = 0

  async send(commands: readonly ImportCommand[]): Promise<readonly string[]> {
    if (++this.onTheWay > 1) throw new Error('two batches are on their way')
    this.sent.push([...commands])
    await new Promise((resolve) => setTimeout(resolve, 1))
    this.onTheWay--
    return commands.map((command) => this.#decide(command))
  }

  #decide(command: ImportCommand): string {
    const key = command.operation === 'create_account' ? command.address : (command.id ?? '')
    if (command.operation === 'create_transfer' && command.amount > 1_000n) return 'exceeds_credits'
    if (this.#known.has(key)) return 'exists'
    this.#known.add(key)
    if (command.operation === 'create_transfer') {
      const list = this.#balances.get(command.creditAccount) ?? []
      const balance = (list[0]?.balance ?? 0n) + command.amount
      this.#balances.set(command.creditAccount, [
        { transferId: command.id ?? '', balance },
        ...list,
      ])
    }
    return 'created'
  }

  async *balances(address: string): AsyncIterable<Balance> {
    await Promise.resolve()
    yield* this.#balances.get(address) ?? []
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

const account = (address: string) => ({ address, asset: 'EUR/2' })

function booking(
  row: number,
  change: { to?: string; amount?: bigint; expected?: bigint } = {},
): Booking {
  const { to = 'shop', amount = 1n, expected } = change
  const id = `id-${row}`
  return {
    row,
    record: [row.toString()],
    transfer: {
      operation: 'create_transfer',
      id,
      debitAccount: 'bank',
      creditAccount: to,
      amount,
      asset: 'EUR/2',
    },
    account: account(to),
    counterparty: account('bank'),
    expected,
  }
}

async function importAll(target: BookingTarget, rows: readonly (Booking | RefusedRow)[]) {
  const answers: Answered[] = []
  const importer = new Importer({ target, onAnswered: (answered) => answers.push(answered) })
  for (const row of rows) await importer.add(row)
  await importer.finish()
  return answers
}

test('an account is opened right before the first transfer that names it', async () => {
  const target = new Target()
  const [answered] = await importAll(target, [booking(1), booking(2), booking(3, { to: 'other' })])
  expect(target.sent[0]?.map(({ operation }) => operation)).toEqual([
    'create_account',
    'create_account',
    'create_transfer',
    'create_transfer',
    'create_account',
    'create_transfer',
  ])
  expect(answered).toMatchObject({ created: 3, existed: 0, accountsOpened: 3, upToRow: 3 })
})

test('a second import changes nothing, and says so', async () => {
  const target = new Target()
  const rows = [booking(1), booking(2)]
  await importAll(target, rows)
  const [answered] = await importAll(target, rows)
  expect(answered).toMatchObject({ created: 0, existed: 2, accountsOpened: 0 })
})

test('refused rows are reported in the order of the file, whoever refused them', async () => {
  const unsent = { row: 2, record: ['2'], reason: 'invalid_date', detail: 'd' }
  const [answered] = await importAll(new Target(), [
    booking(1, { amount: 9_999n }),
    unsent,
    booking(3),
  ])
  expect(answered?.refused.map(({ row, reason }) => [row, reason])).toEqual([
    [1, 'exceeds_credits'],
    [2, 'invalid_date'],
  ])
  expect(answered?.done.map(({ row }) => row)).toEqual([3])
})

test('one batch is on its way at a time, in the order of the file', async () => {
  const target = new Target()
  const rows = Array.from({ length: 20_000 }, (_, index) => booking(index + 1))
  const answers = await importAll(target, rows)
  expect(answers.map(({ upToRow }) => upToRow)).toEqual([7_998, 15_998, 20_000])
  expect(target.sent.every(({ length }) => length <= 8_190)).toBe(true)
})

test('what the target throws is thrown by whoever adds or finishes', async () => {
  const target = new Target()
  target.send = () => Promise.reject(new Error('gone'))
  await expect(importAll(target, [booking(1)])).rejects.toThrow('gone')
})

test('balances are held against those right after each row', async () => {
  const target = new Target()
  const rows = [
    booking(1, { expected: 1n }),
    booking(2, { expected: 5n }),
    booking(3, { to: 'other', expected: 0n }),
    booking(4),
  ]
  await importAll(target, rows)
  const check = new BalanceCheck(target)
  for (const row of [...rows, booking(5, { expected: 7n })]) check.add(row)
  await check.compare(() => {})
  expect(check.result()).toEqual({
    rows: 4,
    exact: 1,
    missing: 1,
    largest: [{ row: 2, account: 'shop', asset: 'EUR/2', expected: 5n, actual: 2n }],
  })
})
