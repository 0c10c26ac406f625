import { createHash } from 'node:crypto'

import { MemoryDisk } from '@tallystick/journal'
import { ModelLedger, Prng, RandomCommands } from '@tallystick/testkit'
import { describe, expect, test } from 'vitest'

import { account, SECOND, TestClock, transfer } from '../test/fixtures.ts'
import {
  AccountFlags,
  openLedger,
  Operation,
  type TallyLedger,
  TransferFlags,
  TransferStatus,
} from './index.ts'
import { findSnapshots } from './snapshots/snapshot-reader.ts'

const open = (disk: MemoryDisk, clock: TestClock, notes: string[] = []): Promise<TallyLedger> =>
  openLedger({ directory: '/data', disk, clock, onNote: (note) => void notes.push(note) })

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('the same commands give the same answers and the same state', () => {
  const seeds = [1, 2, 3, 4, 5, 6]
  test.each(seeds)('as the model, across restarts and snapshots (seed %i)', async (seed) => {
    const prng = new Prng(seed)
    const random = new RandomCommands(prng)
    const clock = new TestClock(1_000_000n * SECOND)
    const model = new ModelLedger()
    let disk = new MemoryDisk()
    let ledger = await open(disk, clock)
    for (let batch = 0; batch < 60; batch++) {
      clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
      const commands = random.batch(clock.now())
      const decided = model.apply({ commands, proposed: clock.now() }).slice(-commands.length)
      const results = await ledger.applyCommands(commands)
      const statuses = decided.map(({ status, sequence }) => ({
        status,
        sequence: Number(sequence),
      }))
      expect(results.map(({ status, sequence }) => ({ status, sequence }))).toEqual(statuses)
      if (prng.once(9)) await ledger.snapshot()
      if (!prng.once(12)) continue
      // Crash: what the disk has is all that is left.
      if (prng.once(2)) disk = disk.clone()
      else await ledger.close()
      ledger = await open(disk, clock)
      expect(await ledger.stateHash()).toBe(sha256(model.stateBytes()))
    }
    expect(await ledger.contentHash()).toBe(sha256(model.contentBytes()))
    await ledger.close()
  })
})

describe('after a restart', () => {
  test('ids, burnt ids, keys and open holds are known as before', async () => {
    const disk = new MemoryDisk()
    const clock = new TestClock()
    const first = await open(disk, clock)
    await first.createAccounts([account(1n), account(2n)])
    const hold = transfer(10n, 9n, { flags: TransferFlags.pending, timeout: 5 })
    const answer = await first.createTransfers([hold, transfer(11n, 1n, { debitAccountId: 9n })], {
      key: 'k',
    })
    await first.close()
    const second = await open(disk, clock)
    expect(
      await second.createTransfers([hold, transfer(11n, 1n, { debitAccountId: 9n })], { key: 'k' }),
    ).toEqual(answer)
    const again = await second.createTransfers([hold, transfer(11n, 1n)])
    expect(again.map(({ status }) => status)).toEqual([
      TransferStatus.exists,
      TransferStatus.idAlreadyFailed,
    ])
    expect(await second.lookupTransfers([10n])).toMatchObject([{ state: 'pending' }])
    clock.advance(6n * SECOND)
    const late = transfer(12n, 9n, { flags: TransferFlags.postPendingTransfer, pendingId: 10n })
    const [posted] = await second.createTransfers([late])
    expect(posted?.status).toBe(TransferStatus.pendingTransferExpired)
    await second.close()
  })

  test('holds that fell due meanwhile are released without being asked', async () => {
    const disk = new MemoryDisk()
    const clock = new TestClock()
    const first = await open(disk, clock)
    await first.createAccounts([account(1n), account(2n)])
    await first.createTransfers([transfer(10n, 9n, { flags: TransferFlags.pending, timeout: 5 })])
    await first.close()
    clock.advance(60n * SECOND)
    const second = await open(disk, clock)
    await second.whenDurable(4)
    expect(await second.lookupTransfers([10n])).toMatchObject([{ state: 'expired' }])
    await second.close()
  })
})

async function filled(): Promise<{ disk: MemoryDisk; clock: TestClock; hash: string }> {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const ledger = await open(disk, clock)
  await ledger.createAccounts([account(1n), account(2n)])
  for (let id = 10n; id < 15n; id++) {
    await ledger.createTransfers([transfer(id, id)], { key: `key ${id}` })
    await ledger.snapshot()
  }
  await ledger.createTransfers([transfer(20n, 1n)])
  const hash = await ledger.stateHash()
  return { disk: disk.clone(), clock, hash }
}

const damage = (disk: MemoryDisk, path: string, offset: number): void => {
  const bytes = disk.contents(path)
  bytes[offset] = (bytes[offset] ?? 0) ^ 1
  disk.place(path, bytes)
}

describe('snapshots', () => {
  test('two are kept', async () => {
    const { disk } = await filled()
    const names = findSnapshots(disk, '/data/snapshots').map((path) =>
      Number(/\d{16}/.exec(path)?.[0]),
    )
    expect(names).toEqual([7, 6])
  })

  const header = 100
  const page = 8_192
  test.each([
    ['the newest has a damaged page', 1, page],
    ['the newest has a damaged header', 1, header],
    ['both have a damaged page', 2, page],
    ['both have a damaged header', 2, header],
  ])('%s: the state is the same, and it is told', async (_, broken, offset) => {
    const { disk, clock, hash } = await filled()
    for (const path of findSnapshots(disk, '/data/snapshots').slice(0, broken))
      damage(disk, path, offset)
    const notes: string[] = []
    const ledger = await open(disk, clock, notes)
    expect(await ledger.stateHash()).toBe(hash)
    expect(notes).toHaveLength(broken)
    const [again] = await ledger.createTransfers([transfer(11n, 11n)], { key: 'key 11' })
    expect(again).toMatchObject({ status: 0, sequence: 4 })
    await ledger.close()
  })

  test.each(['with a snapshot', 'from the book alone'])(
    'the indexes are as before: back-dated entries, past limits, addresses (%s)',
    async (way) => {
      const disk = new MemoryDisk()
      const clock = new TestClock()
      const ledger = await open(disk, clock)
      const flags = AccountFlags.debitsMustNotExceedCredits
      const named = { flags, address: 'users:2', limit: 8n }
      await ledger.createAccounts([account(1n), account(2n, named)])
      const change = { operation: Operation.changeLimit, id: 2n, flags: 0, subtreeLimit: undefined }
      for (let id = 10n; id < 14n; id++) {
        clock.advance(SECOND)
        const effectiveAt = id % 2n === 0n ? 0n : clock.now() - 3n * SECOND
        await ledger.createTransfers([transfer(id, id, { effectiveAt })])
        await ledger.applyCommands([{ ...change, limit: id }])
        if (id === 11n && way === 'with a snapshot') await ledger.snapshot()
      }
      const seen = ({ reader }: TallyLedger) => ({
        entries: reader.entries({ account: 2n, by: 'effective', limit: 9 }),
        past: reader.balanceAt(2n, clock.now() - 2n * SECOND),
        list: reader.accounts({ prefix: 'users', limit: 9 }),
        totals: reader.totals({ prefix: '', groupBy: 0 }),
      })
      const before = seen(ledger)
      const again = await open(disk.clone(), clock)
      expect(seen(again)).toEqual(before)
      expect(before.entries.entries).toHaveLength(4)
      expect(before.past?.limit).toBe(10n)
      await Promise.all([again.close(), ledger.close()])
    },
  )

  test('made while transfers go on is of one moment', async () => {
    const disk = new MemoryDisk()
    const clock = new TestClock()
    const ledger = await open(disk, clock)
    await ledger.createAccounts(Array.from({ length: 3_000 }, (_, id) => account(BigInt(id + 1))))
    const asked = Array.from({ length: 200 }, (_, id) => {
      const [debitAccountId, creditAccountId] = [BigInt(id + 1), BigInt(3_000 - id)]
      return ledger.createTransfers([
        transfer(BigInt(10_000 + id), 1n, { debitAccountId, creditAccountId }),
      ])
    })
    const made = ledger.snapshot()
    const more = ledger.createTransfers([transfer(99_999n, 5n)])
    await Promise.all([...asked, made, more])
    const hash = await ledger.stateHash()
    const restarted = await open(disk.clone(), clock)
    expect(await restarted.stateHash()).toBe(hash)
    await Promise.all([restarted.close(), ledger.close()])
  })
})
