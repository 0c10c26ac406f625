import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  account,
  ask,
  openAccount,
  request,
  SECOND,
  TestClock,
  transfer,
} from '../test/fixtures.ts'
import {
  AccountFlags,
  AccountStatus,
  type EventResult,
  idempotencyKey,
  openLedger,
  type TallyLedger,
  TransferFlags,
  TransferStatus,
} from './index.ts'

let clock: TestClock
let ledger: TallyLedger

beforeEach(async () => {
  clock = new TestClock()
  ledger = await openLedger({ memory: true, clock })
  await ledger.createAccounts([account(1n), account(2n), account(3n)])
})

afterEach(() => ledger.close())

const statusesOf = (results: readonly EventResult[]): number[] =>
  results.map(({ status }) => status)

describe('plain objects', () => {
  test('money moves, and both accounts show it', async () => {
    const [result] = await ledger.createTransfers([transfer(10n, 500n)])
    expect(result).toMatchObject({ status: TransferStatus.created, sequence: 4 })
    expect(await ledger.lookupAccounts([1n, 2n])).toMatchObject([
      { id: 1n, debitsPosted: 500n, balance: -500n, available: undefined, entryCount: 1n },
      { id: 2n, creditsPosted: 500n, balance: 500n },
    ])
  })

  test('what is limited says how much is available', async () => {
    const flags = AccountFlags.debitsMustNotExceedCredits
    await ledger.createAccounts([account(4n, { flags, limit: 70n })])
    await ledger.createTransfers([
      transfer(10n, 50n, { creditAccountId: 4n }),
      transfer(11n, 30n, { debitAccountId: 4n, flags: TransferFlags.pending }),
    ])
    expect(await ledger.lookupAccounts([4n])).toMatchObject([{ balance: 50n, available: 90n }])
  })

  test('lookups leave out what is not there', async () => {
    await ledger.createTransfers([transfer(10n, 1n)])
    expect(await ledger.lookupAccounts([9n, 3n])).toMatchObject([{ id: 3n }])
    expect(await ledger.lookupTransfers([11n, 10n])).toMatchObject([{ id: 10n, amount: 1n }])
  })

  test('the same once more exists, with the time of the first', async () => {
    const [first] = await ledger.createTransfers([transfer(10n, 1n)])
    clock.advance(SECOND)
    const again = await ledger.createTransfers([transfer(10n, 1n), transfer(10n, 2n)])
    expect(statusesOf(again)).toEqual([
      TransferStatus.exists,
      TransferStatus.existsWithDifferentAmount,
    ])
    expect(again[0]?.timestamp).toBe(first?.timestamp)
    const accounts = await ledger.createAccounts([account(1n)])
    expect(accounts).toMatchObject([{ status: AccountStatus.exists, timestamp: 1_000n * SECOND }])
  })

  test('atomic is all or nothing', async () => {
    const both = [transfer(10n, 1n), transfer(11n, 1n, { debitAccountId: 99n })]
    const refused = await ledger.createTransfers(both, { atomic: true })
    expect(statusesOf(refused)).toEqual([
      TransferStatus.linkedEventFailed,
      TransferStatus.debitAccountNotFound,
    ])
    expect(await ledger.lookupTransfers([10n])).toEqual([])
  })

  test('more than one batch is sent in parts, chains whole', async () => {
    const many = Array.from({ length: 9_000 }, (_, index) =>
      transfer(BigInt(1_000 + index), 1n, { flags: index >= 8_100 && index < 8_300 ? 1 : 0 }),
    )
    const results = await ledger.createTransfers(many)
    expect(results.filter(({ status }) => status === 0)).toHaveLength(9_000)
    expect(results.at(-1)?.sequence).toBe(9_003)
  })

  test('nothing asked is nothing done', async () => {
    expect(await ledger.createTransfers([])).toEqual([])
    expect(ledger.lastSequence).toBe(3)
  })
})

describe('holds', () => {
  const pending = { flags: TransferFlags.pending, timeout: 10 }
  const post = TransferFlags.postPendingTransfer

  test('are shown as they are now', async () => {
    await ledger.createTransfers([transfer(10n, 100n, pending)])
    const view = async () => (await ledger.lookupTransfers([10n]))[0]
    expect(await view()).toMatchObject({
      state: 'pending',
      remaining: 100n,
      deadline: 1_010n * SECOND + 3n,
    })
    const part = { flags: post | TransferFlags.partial, pendingId: 10n }
    await ledger.createTransfers([transfer(11n, 30n, part)])
    expect(await view()).toMatchObject({ state: 'pending', captured: 30n, remaining: 70n })
    await ledger.createTransfers([transfer(12n, 70n, { flags: post, pendingId: 10n })])
    expect(await view()).toMatchObject({ state: 'captured', captured: 100n, remaining: 0n })
  })

  test('are released by an idle engine when they fall due', async () => {
    const real = await openLedger({ memory: true })
    await real.createAccounts([account(1n), account(2n)])
    await real.createTransfers([transfer(10n, 100n, { ...pending, timeout: 1 })])
    await real.whenDurable(4)
    expect(await real.lookupTransfers([10n])).toMatchObject([{ state: 'expired', remaining: 0n }])
    expect(real.reader.requestOf(4)).toBeUndefined()
    await real.close()
  })

  test('that are posted without metadata show their own', async () => {
    const metadata = Buffer.from('why')
    await ledger.createTransfers([
      transfer(10n, 100n, { ...pending, metadata }),
      transfer(11n, 100n, { flags: post, pendingId: 10n }),
    ])
    const [posted] = await ledger.lookupTransfers([11n])
    expect(Buffer.from(posted?.metadata ?? []).toString()).toBe('why')
  })
})

describe('keys', () => {
  test('the same key gives the first answer again, refusals included', async () => {
    const ask = () =>
      ledger.createTransfers([transfer(10n, 1n), transfer(11n, 0n, { code: 0 })], { key: 'k' })
    const first = await ask()
    clock.advance(SECOND)
    expect(await ask()).toEqual(first)
    expect(ledger.lastSequence).toBe(5)
  })

  test('a hundred at once get one answer', async () => {
    const asked = Array.from({ length: 100 }, () =>
      ledger.createTransfers([transfer(10n, 1n)], { key: 'k' }),
    )
    const answers = await Promise.all(asked)
    expect(new Set(answers.map(([result]) => result?.sequence))).toEqual(new Set([4]))
    expect(await ledger.lookupAccounts([1n])).toMatchObject([{ debitsPosted: 1n }])
  })

  test('another command under the same key is a conflict, and moves nothing', async () => {
    await ledger.createTransfers([transfer(10n, 1n)], { key: 'k' })
    const other = ledger.createTransfers([transfer(11n, 1n)], { key: 'k' })
    await expect(other).rejects.toMatchObject({ code: 'key_conflict' })
    const both = ['x', 'y'].map((id) =>
      ledger.createTransfers([transfer(BigInt(`0x${id === 'x' ? 12 : 13}`), 1n)], {
        key: 'at once',
      }),
    )
    const [one, two] = await Promise.allSettled(both)
    expect([one?.status, two?.status]).toEqual(['fulfilled', 'rejected'])
  })

  test('keys belong to their owner', async () => {
    await ledger.createTransfers([transfer(10n, 1n)], { key: 'k', principal: 'a' })
    const other = await ledger.createTransfers([transfer(11n, 1n)], { key: 'k', principal: 'b' })
    expect(statusesOf(other)).toEqual([0])
  })

  test('find the saved request with its envelope and records', async () => {
    const body = Buffer.from('{"note":"grüße"}')
    const key = idempotencyKey('owner', 'abc')
    const asked = request([openAccount(7n)], { keys: [key], principal: 'owner', body })
    await ask(ledger, asked, () => {})
    const saved = ledger.reader.request(key)
    expect(saved?.envelope).toMatchObject({ operation: 7, principal: 'owner', keyId: 'k' })
    expect(Buffer.from(saved?.envelope.body ?? [])).toEqual(body)
    expect([saved?.count, saved?.firstSequence, saved?.status(0)]).toEqual([1, 4, 0])
    expect(saved?.keys).toEqual([{ low: key.low, high: key.high }])
  })

  test('a key that only finds stays with its first request', async () => {
    const key = { ...idempotencyKey('owner', 'shared'), unique: false }
    for (const id of [7n, 8n])
      await ask(ledger, request([openAccount(id)], { keys: [key] }), () => {})
    expect(ledger.reader.request(key)?.firstSequence).toBe(4)
    expect(ledger.reader.account(8n)).toBeDefined()
  })
})

describe('dry runs', () => {
  test('say what would happen and leave nothing', async () => {
    const before = await ledger.stateHash()
    const [result] = await ledger.createTransfers([transfer(10n, 1n)], { dryRun: true, key: 'k' })
    expect(result).toMatchObject({ status: 0, sequence: 4 })
    expect(await ledger.stateHash()).toBe(before)
    expect(await ledger.lookupTransfers([10n])).toEqual([])
    const [real] = await ledger.createTransfers([transfer(10n, 2n)], { key: 'k' })
    expect(real).toMatchObject({ status: 0, sequence: 4 })
  })

  test('are read from their outcome', async () => {
    const asked = request([openAccount(7n)], { dryRun: true })
    const seen = await ask(ledger, asked, (outcome) => [
      outcome.dryRun,
      outcome.replayed,
      outcome.count,
      outcome.firstSequence,
      outcome.firstTimestamp,
    ])
    expect(seen).toEqual([true, false, 1, 4, 1_000n * SECOND + 3n])
  })
})

describe('the clock', () => {
  test('that jumps forward alone stops writes until it is confirmed', async () => {
    clock.jump(3_600n * SECOND)
    const refused = ledger.createTransfers([transfer(10n, 1n)])
    await expect(refused).rejects.toMatchObject({ code: 'clock_jump' })
    expect(ledger.state).toBe('clock_jump')
    expect(await ledger.lookupAccounts([1n])).toHaveLength(1)
    ledger.confirmClock()
    const [result] = await ledger.createTransfers([transfer(10n, 1n)])
    expect(result).toMatchObject({ status: 0, timestamp: 4_600n * SECOND })
    expect(ledger.state).toBe('open')
  })

  test('that runs back does not take the ledger with it', async () => {
    clock.jump(-500n * SECOND)
    const [result] = await ledger.createTransfers([transfer(10n, 1n)])
    expect(result?.timestamp).toBe(1_000n * SECOND + 3n)
  })
})

describe('limits', () => {
  test('a request beyond them is refused before it waits', async () => {
    const commands = Array.from({ length: 8_191 }, (_, index) => openAccount(BigInt(index + 10)))
    await expect(ask(ledger, request(commands), () => {})).rejects.toMatchObject({
      code: 'too_large',
    })
    const long = request([openAccount(9n)], { source: 'x'.repeat(2_000) })
    await expect(ask(ledger, long, () => {})).rejects.toMatchObject({ code: 'too_large' })
    await expect(ask(ledger, request([]), () => {})).rejects.toMatchObject({ code: 'invalid' })
  })

  test('data that many commands share counts for each of them', async () => {
    const commands = Array.from({ length: 4_000 }, (_, index) => openAccount(BigInt(index + 10)))
    const asked = request(commands)
    const { memory, dataOffset } = asked.batch
    const wide = { memory, dataOffset: dataOffset - 4_096, dataLength: 4_096, count: 3_900 }
    for (let index = 0; index < wide.count; index++) memory.u32[(index * 128 + 108) >>> 2] = 4_096
    const sent = ask(ledger, { ...asked, batch: wide }, () => {})
    await expect(sent).rejects.toMatchObject({ code: 'too_large' })
  })

  test('a closed ledger refuses and says so', async () => {
    const closing = ledger.close()
    await expect(ledger.createTransfers([transfer(10n, 1n)])).rejects.toMatchObject({
      code: 'unavailable',
    })
    await closing
    expect(ledger.state).toBe('closed')
  })
})

test('queries list what matches, in both directions', async () => {
  clock.advance(SECOND)
  await ledger.createTransfers([transfer(10n, 1n), transfer(11n, 2n, { code: 7 })])
  clock.advance(SECOND)
  await ledger.createTransfers([transfer(12n, 3n), transfer(13n, 0n, { code: 0 })])
  const ids = async (filter: object) =>
    (await ledger.queryTransfers({ limit: 10, ...filter })).map(({ id }) => id)
  expect(await ids({})).toEqual([10n, 11n, 12n])
  expect(await ids({ flags: 1 })).toEqual([12n, 11n, 10n])
  expect(await ids({ code: 7 })).toEqual([11n])
  expect(await ids({ timestampMin: 1_002n * SECOND })).toEqual([12n])
  expect(await ids({ timestampMax: 1_001n * SECOND, flags: 1 })).toEqual([10n])
  expect(await ids({ limit: 2 })).toEqual([10n, 11n])
  expect(await ids({ asset: 1 })).toEqual([])
  await expect(ids({ limit: 0 })).rejects.toMatchObject({ code: 'invalid' })
  const accounts = await ledger.queryAccounts({ limit: 2, flags: 1 })
  expect(accounts.map(({ id }) => id)).toEqual([3n, 2n])
})
