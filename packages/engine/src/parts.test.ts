/** Large requests are decided in parts. What may happen between two of them: others read, and nothing else. */
import { createHash } from 'node:crypto'

import { type FileHandle, MemoryDisk } from '@tallystick/journal'
import { TransferFlags } from '@tallystick/ledger'
import { ModelLedger, Prng, RandomCommands } from '@tallystick/testkit'
import { describe, expect, test } from 'vitest'

import { account, SECOND, TestClock, transfer } from '../test/fixtures.ts'
import { Past } from '../test/past.ts'
import { Turns } from '../test/turns.ts'
import { openLedger, type TallyLedger, TransferStatus } from './index.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const open = (
  turns: Turns,
  { disk = new MemoryDisk(), clock = new TestClock(), partCommands = 4 } = {},
): Promise<TallyLedger> =>
  openLedger({ directory: '/data', disk, clock, scheduler: turns, sizes: { partCommands } })

/** A ledger with accounts 1 and 2, whose turns are the test's. */
async function opened(turns: Turns, more: Parameters<typeof open>[1] = {}): Promise<TallyLedger> {
  const ledger = await open(turns, more)
  await turns.settle(ledger.createAccounts([account(1n), account(2n)]))
  return ledger
}

const transfers = (first: bigint, count: number, more = {}) =>
  Array.from({ length: count }, (_, n) => transfer(first + BigInt(n), 1n, more))

/** Runs turns until `ledger` has decided some of what it was asked, but not all. */
async function intoTheMiddle(turns: Turns, ledger: TallyLedger): Promise<void> {
  const before = ledger.lastSequence
  while (ledger.lastSequence === before) await turns.run()
}

describe('between two parts of a request', () => {
  const seeds = [11, 12, 13, 14, 15, 16, 17, 18]
  test.each(seeds)(
    'readers see the model as of the newest durable event (seed %i)',
    async (seed) => {
      const prng = new Prng(seed)
      const random = new RandomCommands(prng)
      const clock = new TestClock(1_000_000n * SECOND)
      const turns = new Turns()
      const model = new ModelLedger()
      const past = new Past(model)
      const disk = new MemoryDisk()
      const parts = { disk, clock, partCommands: 1 + prng.below(6) }
      let ledger = await open(turns, parts)
      let between = 0
      for (let batch = 0; batch < 50; batch++) {
        clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
        const asked = Array.from({ length: 1 + prng.below(3) }, () => random.batch(clock.now()))
        const expected = asked.map((commands) => past.decide(commands, clock.now()))
        const answers = Promise.all(
          asked.map((commands) => ledger.applyCommands(commands, { lane: 'interactive' })),
        )
        const results = await turns.settle(answers, () => {
          if (ledger.lastSequence > ledger.durableSequence) between++
          past.holds(ledger, prng)
        })
        const seen = results.map((one) => one.map(({ status, sequence }) => ({ status, sequence })))
        expect(seen).toEqual(expected)
        if (!prng.once(6)) continue
        // From now on what is older comes from disk.
        await turns.settle(ledger.close())
        ledger = await open(turns, parts)
      }
      expect(between).toBeGreaterThan(50)
      expect(await turns.settle(ledger.stateHash())).toBe(sha256(model.stateBytes()))
      await turns.settle(ledger.close())
    },
  )

  test('what was read from disk for the request stays, however much others read', async () => {
    const turns = new Turns()
    const disk = new MemoryDisk()
    const first = await opened(turns, { disk })
    const metadata = new Uint8Array(4_000).fill(7)
    for (let id = 10n; id < 3_010n; id += 1_000n) {
      await turns.settle(first.createTransfers(transfers(id, 1_000, { metadata })))
    }
    await turns.settle(first.close())
    const ledger = await open(turns, { disk })
    const again = ledger.createTransfers(transfers(10n, 40, { metadata }))
    let read = 0
    const results = await turns.settle(again, () => {
      // More than the memory for records that were read: 8 MiB.
      for (let id = 10n; id < 3_010n; id++) read += ledger.reader.transfer(id)?.metadata.length ?? 0
    })
    expect(read).toBeGreaterThan(10 * 3_000 * 4_000)
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 40 }, () => TransferStatus.exists),
    )
    await turns.settle(ledger.close())
  })

  test('no other request is decided, no hold released, nothing cut', async () => {
    const turns = new Turns()
    const clock = new TestClock()
    const ledger = await opened(turns, { clock })
    const hold = transfer(9n, 5n, { flags: TransferFlags.pending, timeout: 1 })
    await turns.settle(ledger.createTransfers([hold]))
    const large = ledger.createTransfers(transfers(100n, 20))
    await intoTheMiddle(turns, ledger)
    clock.advance(5n * SECOND)
    turns.ring()
    const small = ledger.createTransfers([transfer(50n, 1n)])
    const hash = ledger.stateHash()
    const snapshot = ledger.snapshot()
    const results = await turns.settle(large)
    expect(results.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 4),
    )
    expect(await turns.settle(small)).toMatchObject([{ sequence: 24 }])
    expect(await turns.settle(snapshot)).toBeGreaterThanOrEqual(24)
    expect(await turns.settle(hash)).toHaveLength(64)
    await turns.settle(ledger.close())
  })

  test('others who take long do not hold it up for as long once for every part', async () => {
    const turns = new Turns()
    const clock = new TestClock()
    const ledger = await opened(turns, { clock, partCommands: 1 })
    const large = ledger.createTransfers(transfers(100n, 20))
    await intoTheMiddle(turns, ledger)
    expect(ledger.lastSequence).toBe(3)
    clock.advance(20_000_000n)
    await turns.run()
    expect(ledger.lastSequence).toBe(22)
    expect(await turns.settle(large)).toHaveLength(20)
    await turns.settle(ledger.close())
  })

  test('a chain is never seen in its middle', async () => {
    const turns = new Turns()
    const ledger = await opened(turns, { partCommands: 2 })
    const chain = transfers(10n, 9).map((one, index) =>
      index < 8 ? { ...one, flags: TransferFlags.linked } : one,
    )
    const asked = ledger.createTransfers([...transfers(100n, 5), ...chain, ...transfers(200n, 5)])
    const seen = new Set<number>()
    await turns.settle(asked, () => void seen.add(ledger.lastSequence))
    expect([...seen]).toEqual([2, 4, 6, 16, 18, 20, 21])
    await turns.settle(ledger.close())
  })
})

test('a list of transfers ends at what is durable, whatever is half decided behind it', async () => {
  const turns = new Turns()
  const ledger = await opened(turns)
  const before = [10n, 11n, 12n].map((id) => ledger.createTransfers([transfer(id, 1n)]))
  await turns.run()
  const listed = ledger.queryTransfers({ limit: 100 })
  const large = ledger.createTransfers(transfers(100n, 20))
  while (ledger.lastSequence <= 5) await turns.run('newest')
  await turns.settle(Promise.all(before))
  expect(ledger.lastSequence).toBeGreaterThan(5)
  expect((await turns.settle(listed)).map(({ id }) => id)).toEqual([10n, 11n, 12n])
  await turns.settle(large)
  await turns.settle(ledger.close())
})

class FailingDisk extends MemoryDisk {
  fails = false
  override fdatasync(file: FileHandle): void {
    if (this.fails) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    super.fdatasync(file)
  }
}

test('a request that is half decided when a write fails has an unknown outcome, told once', async () => {
  const turns = new Turns()
  const disk = new FailingDisk()
  const ledger = await opened(turns, { disk })
  // Too many to be written on the spot: the write is a task of its own, which is kept waiting.
  const before = [10n, 11n, 12n].map((id) => ledger.createTransfers([transfer(id, 1n)]))
  await turns.run()
  const large = ledger.createTransfers(transfers(100n, 20))
  while (ledger.lastSequence <= 5) await turns.run('newest')
  expect([ledger.durableSequence, ledger.lastSequence]).toEqual([2, 9])
  disk.fails = true
  const told: string[] = []
  const outcomes = [...before, large].map((one) =>
    one.catch((error: { code: string }) => void told.push(error.code)),
  )
  await turns.settle(Promise.all(outcomes))
  expect(told).toEqual(Array.from({ length: 4 }, () => 'outcome_unknown'))
  expect(ledger.state).toBe('failed')
  expect(ledger.reader.account(1n)?.id).toBe(1n)
})
