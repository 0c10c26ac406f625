import { MemoryDisk, type FileHandle } from '@tallystick/journal'
import { expect, test } from 'vitest'

import { account, TestClock, transfer } from '../test/fixtures.ts'
import { openLedger, TransferStatus } from './index.ts'

/** A disk whose syncs fail from the moment it is told. */
class FailingDisk extends MemoryDisk {
  fails = false
  override fdatasync(file: FileHandle): void {
    if (this.fails) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    super.fdatasync(file)
  }
  override unlink(path: string): void {
    if (this.fails) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    super.unlink(path)
  }
}

test('a failed sync stops the ledger: outcomes are unknown, later requests are refused', async () => {
  const disk = new FailingDisk()
  const fatal: Error[] = []
  const ledger = await openLedger({
    ...{ directory: '/data', disk, clock: new TestClock() },
    onFatal: (error) => void fatal.push(error),
  })
  await ledger.createAccounts([account(1n), account(2n)])
  disk.fails = true
  const asked = [1, 2, 3].map((id) => ledger.createTransfers([transfer(BigInt(id + 9), 1n)]))
  const waits = Promise.allSettled([ledger.whenDurable(100)])
  for (const one of await Promise.allSettled(asked)) {
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'outcome_unknown' } })
  }
  expect(await waits).toMatchObject([{ reason: { code: 'outcome_unknown' } }])
  expect(fatal).toHaveLength(1)
  expect(ledger.state).toBe('failed')
  const later = ledger.createTransfers([transfer(20n, 1n)])
  await expect(later).rejects.toMatchObject({ code: 'unavailable' })
  await expect(ledger.stateHash()).rejects.toMatchObject({ code: 'unavailable' })
  expect(ledger.reader.account(1n)?.id).toBe(1n)
  await ledger.close()
})

test('a full disk refuses before anything is decided, serves reads, and recovers with space', async () => {
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: '/data', disk, clock: new TestClock() })
  await ledger.createAccounts([account(1n), account(2n)])
  disk.limitBytes = disk.usedBytes
  const metadata = new Uint8Array(4_000).fill(1)
  const refusal = { code: '' }
  let created = 0
  for (let id = 10n; refusal.code === '' && id < 50_000n; id += 100n) {
    const many = Array.from({ length: 100 }, (_, n) => transfer(id + BigInt(n), 1n, { metadata }))
    await ledger.createTransfers(many).then(
      () => (created += 100),
      (error: { code: string }) => Object.assign(refusal, { code: error.code }),
    )
  }
  expect(refusal.code).toBe('storage_full')
  expect(ledger.state).toBe('storage_full')
  expect(ledger.lastSequence).toBe(2 + created)
  expect(await ledger.lookupAccounts([1n])).toMatchObject([{ debitsPosted: BigInt(created) }])
  disk.limitBytes = Number.POSITIVE_INFINITY
  const [after] = await ledger.createTransfers([transfer(99_999n, 1n)])
  expect(after).toMatchObject({ status: TransferStatus.created, sequence: 3 + created })
  expect(ledger.state).toBe('open')
  await ledger.close()
})

test('a failed sync is told although the snapshot in the making cannot be removed either', async () => {
  const disk = new FailingDisk()
  const fatal: Error[] = []
  const ledger = await openLedger({
    ...{ directory: '/data', disk, clock: new TestClock() },
    onFatal: (error) => void fatal.push(error),
  })
  // So many that a snapshot of them takes several turns.
  await ledger.createAccounts(Array.from({ length: 20_000 }, (_, id) => account(BigInt(id + 1))))
  const snapshot = ledger.snapshot()
  await new Promise((resolve) => void setImmediate(resolve))
  disk.fails = true
  const asked = ledger.createTransfers([transfer(10n, 1n)])
  await expect(asked).rejects.toMatchObject({ code: 'outcome_unknown' })
  await expect(snapshot).rejects.toThrow('the ledger has stopped')
  expect(fatal).toHaveLength(1)
  await ledger.close()
})
