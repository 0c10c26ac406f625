import { afterEach, beforeEach, expect, test } from 'vitest'

import { account, SECOND, TestClock, transfer } from '../../test/fixtures.ts'
import {
  AccountFilterFlags,
  AccountFlags,
  accountIdOf,
  openLedger,
  Operation,
  type TallyLedger,
  TransferFlags,
} from '../index.ts'

let clock: TestClock
let ledger: TallyLedger

const START = 1_000n * SECOND

beforeEach(async () => {
  clock = new TestClock(START)
  ledger = await openLedger({ memory: true, clock })
  await ledger.createAccounts([account(1n), account(2n), account(3n, { code: 5 })])
})
afterEach(() => ledger.close())

/** Transfers 10, 11, 12 … one second apart, of 1, 2, 3 … from account 1 to account 2. */
async function oneEachSecond(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    clock.advance(SECOND)
    await ledger.createTransfers([transfer(BigInt(9 + n), BigInt(n))])
  }
}

test('entries of an account are listed page by page, newest first', async () => {
  await oneEachSecond(5)
  const first = ledger.reader.entries({ account: 2n, limit: 3 })
  expect(first.entries.map(({ number, amount, balance }) => [number, amount, balance])).toEqual([
    [5, 5n, 15n],
    [4, 4n, 10n],
    [3, 3n, 6n],
  ])
  expect(first.entries[0]).toMatchObject({
    ...{ account: 2n, counterparty: 1n, transferId: 14n, direction: 'credit', kind: 'transfer' },
    ...{ asset: 978, code: 1, pendingId: 0n },
  })
  const { next } = first
  expect(next).toBeDefined()
  const second = ledger.reader.entries({ account: 2n, limit: 3, after: next ?? 0 })
  expect(second.entries.map(({ number }) => number)).toEqual([2, 1])
  expect(second.next).toBeUndefined()
})

test('entries of a period, and from one side', async () => {
  await oneEachSecond(5)
  const period = { from: START + 2n * SECOND, to: START + 4n * SECOND }
  const numbers = (more: object) =>
    ledger.reader.entries({ account: 2n, limit: 9, ...more }).entries.map(({ number }) => number)
  expect(numbers(period)).toEqual([3, 2])
  expect(numbers({ ...period, newestFirst: false })).toEqual([2, 3])
  expect(numbers({ direction: 'debit' })).toEqual([])
  expect(numbers({ code: 1 })).toHaveLength(5)
  expect(ledger.reader.entries({ account: 99n, limit: 9 })).toEqual({
    entries: [],
    next: undefined,
  })
})

test('back-dated entries are in their place by effective time, also after a restart', async () => {
  await oneEachSecond(3)
  const effectiveAt = START + SECOND + 1n
  await ledger.createTransfers([transfer(20n, 100n, { effectiveAt })])
  const amounts = ledger.reader
    .entries({ account: 2n, by: 'effective', limit: 9 })
    .entries.map(({ amount, balance }) => [amount, balance])
  expect(amounts).toEqual([
    [3n, 106n],
    [2n, 103n],
    [100n, 101n],
    [1n, 1n],
  ])
  const at = START + 2n * SECOND
  expect(ledger.reader.balanceAt(2n, at)?.balances.creditsPosted).toBe(3n)
  expect(ledger.reader.balanceAt(2n, at, 'effective')?.balances.creditsPosted).toBe(103n)
})

test('a past balance shows what was available then', async () => {
  const flags = AccountFlags.debitsMustNotExceedCredits
  await ledger.createAccounts([account(4n, { flags, limit: 50n })])
  clock.advance(SECOND)
  await ledger.createTransfers([transfer(10n, 20n, { creditAccountId: 4n })])
  clock.advance(SECOND)
  const limit = { operation: Operation.changeLimit, id: 4n, flags: 0, subtreeLimit: undefined }
  await ledger.applyCommands([{ ...limit, limit: 0n }])
  const past = ledger.reader.balanceAt(4n, START + SECOND)
  expect(past).toMatchObject({ limit: 50n, available: 70n, existed: true, entryCount: 1 })
  expect(ledger.reader.balanceAt(4n, START + 2n * SECOND)).toMatchObject({ available: 20n })
  expect(ledger.reader.balanceAt(4n, START - SECOND)).toMatchObject({ existed: false })
  expect(ledger.reader.balanceAt(99n, START)).toBeUndefined()
})

test("TigerBeetle's filters over an account's transfers and balances", async () => {
  await oneEachSecond(4)
  const pending = { flags: TransferFlags.pending, timeout: 1, code: 3 }
  await ledger.createTransfers([
    transfer(20n, 7n, { ...pending, debitAccountId: 2n, creditAccountId: 1n }),
  ])
  clock.advance(5n * SECOND)
  await ledger.createTransfers([transfer(21n, 1n)])
  const ids = async (filter: object) => {
    const found = await ledger.accountTransfers({ accountId: 2n, limit: 99, ...filter })
    return found.map(({ id }) => id)
  }
  expect(await ids({})).toEqual([10n, 11n, 12n, 13n, 20n, 21n])
  expect(await ids({ flags: AccountFilterFlags.debits })).toEqual([20n])
  const reversed = AccountFilterFlags.credits | AccountFilterFlags.reversed
  expect(await ids({ flags: reversed, limit: 2 })).toEqual([21n, 13n])
  expect(await ids({ code: 3 })).toEqual([20n])
  expect(
    await ids({ timestampMin: START + 2n * SECOND, timestampMax: START + 3n * SECOND }),
  ).toEqual([11n, 12n])
  const balances = await ledger.accountBalances({ accountId: 2n, limit: 2, flags: reversed })
  expect(balances.map(({ creditsPosted }) => creditsPosted)).toEqual([11n, 10n])
  await expect(ids({ flags: 0 })).rejects.toMatchObject({ code: 'invalid' })
  await expect(ids({ timestampMin: 5n, timestampMax: 4n })).rejects.toMatchObject({
    code: 'invalid',
  })
})

test('accounts are listed by address, by parent, and newest first', async () => {
  const named = ['users:2:wallet', 'users:1', 'users:1:wallet', 'users:10', 'world']
  await ledger.createAccounts(
    named.map((address, index) =>
      account(accountIdOf(address), { address, code: index === 3 ? 9 : 1 }),
    ),
  )
  await ledger.createAccounts([account(50n, { parent: 1n }), account(51n, { parent: 1n })])
  const list = (filter: object) => ledger.reader.accounts({ limit: 2, ...filter })
  const users = list({ prefix: 'users:' })
  expect(users.accounts.map(({ address }) => address)).toEqual(['users:1', 'users:1:wallet'])
  const rest = list({ prefix: 'users:', after: users.next ?? 0, limit: 9 })
  expect(rest.accounts.map(({ address }) => address)).toEqual(['users:10', 'users:2:wallet'])
  expect(rest.next).toBeUndefined()
  expect(list({ prefix: 'users:', code: 9 }).accounts.map(({ address }) => address)).toEqual([
    'users:10',
  ])
  expect(list({ parent: 1n }).accounts.map(({ id }) => id)).toEqual([51n, 50n])
  expect(list({}).accounts.map(({ id }) => id)).toEqual([51n, 50n])
  expect(list({ parent: 77n })).toEqual({ accounts: [], next: undefined })
  expect(ledger.reader.accountByAddress('users:10')?.code).toBe(9)
  expect(ledger.reader.accountByAddress('users:11')).toBeUndefined()
  expect(() => list({ limit: 0 })).toThrow('limit must be')
})

test('totals by segment agree between the two ways to ask', async () => {
  const named = ['users:1', 'users:2', 'shops:1']
  await ledger.createAccounts(named.map((address) => account(accountIdOf(address), { address })))
  await ledger.createTransfers(
    named.map((address, index) =>
      transfer(BigInt(30 + index), 5n, { creditAccountId: accountIdOf(address) }),
    ),
  )
  const filter = { prefix: '', groupBy: 1 }
  const totals = ledger.reader.totals(filter)
  expect(
    totals.map(({ group, accounts, creditsPosted }) => [group, accounts, creditsPosted]),
  ).toEqual([
    ['shops', 1, 5n],
    ['users', 2, 10n],
  ])
  expect(await ledger.totals(filter)).toEqual(totals)
})

test('events say what happened, refusals with their facts', async () => {
  const flags = AccountFlags.debitsMustNotExceedCredits
  await ledger.createAccounts([account(4n, { flags, address: 'poor' })])
  await ledger.createTransfers([transfer(10n, 9n, { debitAccountId: 4n })])
  expect(ledger.reader.event(5)).toMatchObject({
    ...{ sequence: 5, operation: Operation.createTransfer, id: 10n },
    refusal: { account: 4n, address: 'poor', needed: 9n, available: 0n, limit: 0n },
  })
  expect(ledger.reader.event(6)).toBeUndefined()
  expect(ledger.reader.transfer(10n)).toBeUndefined()
  expect(ledger.reader.transferBySequence(4)).toBeUndefined()
})

test('assets and closed books', async () => {
  await ledger.applyCommands([
    { operation: Operation.registerAsset, asset: 2_000, flags: 0, name: 'PTS/0' },
    { operation: Operation.closeBooks, id: 0n, asset: 978, flags: 0, until: 7n },
    { operation: Operation.closeBooks, id: 1n, asset: 0, flags: 0, until: 9n },
  ])
  const { reader } = ledger
  expect(reader.assets()).toEqual([{ number: 2_000, name: 'PTS/0' }])
  expect([reader.assetName(2_000), reader.assetNumber('PTS/0')]).toEqual(['PTS/0', 2_000])
  expect([reader.booksClosedUntil(978, 0n), reader.booksClosedUntil(978, 1n)]).toEqual([7n, 9n])
})
