import { crc32 } from 'node:zlib'

import { FRAME_HEADER_BYTES, MemoryDisk, openJournal } from '@tallystick/journal'
import { MovedField } from '@tallystick/ledger'
import { Prng, RandomCommands } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { account, openAccount, request, SECOND, TestClock, transfer } from '../../test/fixtures.ts'
import { idempotencyKey, openLedger, TransferFlags, verifyLedger } from '../index.ts'
import { findSnapshots } from '../snapshots/snapshot-reader.ts'

const DIRECTORY = '/data'

/** A directory as random commands leave it, with snapshots; @returns the state hash too. */
async function filled(seed: number): Promise<{ disk: MemoryDisk; hash: string }> {
  const prng = new Prng(seed)
  const random = new RandomCommands(prng)
  const clock = new TestClock(1_000_000n * SECOND)
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: DIRECTORY, disk, clock })
  for (let batch = 0; batch < 80; batch++) {
    clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
    const key = prng.once(3) ? { key: `key ${batch}` } : {}
    await ledger.applyCommands(random.batch(clock.now()), key)
    if (prng.once(20)) await ledger.snapshot()
  }
  const hash = await ledger.stateHash()
  await ledger.close()
  return { disk, hash }
}

test.each([11, 12, 13, 14])('a ledger of random commands is sound (seed %i)', async (seed) => {
  const { disk, hash } = await filled(seed)
  const report = await verifyLedger({ directory: DIRECTORY, disk })
  expect(report.problems).toEqual([])
  expect(report).toMatchObject({ sound: true, stateHash: hash, requests: 80 })
  expect(report.events).toBe(report.lastSequence)
  for (const { debitsPosted, creditsPosted } of report.trialBalances) {
    expect(debitsPosted).toBe(creditsPosted)
  }
})

test('an empty directory is sound', async () => {
  const report = await verifyLedger({ directory: DIRECTORY, disk: new MemoryDisk() })
  expect(report).toMatchObject({ sound: true, events: 0, lastSequence: 0 })
})

test('a directory that is being written is verified up to what is durable', async () => {
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: DIRECTORY, disk, clock: new TestClock() })
  await ledger.createAccounts([account(1n), account(2n)])
  await ledger.createTransfers([transfer(10n, 5n)])
  const report = await verifyLedger({ directory: DIRECTORY, disk })
  expect(report).toMatchObject({ sound: true, events: 3, accounts: 2 })
  await ledger.close()
})

/** The same frames in a new journal, whole and with right checksums, but with altered bodies. */
async function forged(
  from: MemoryDisk,
  alter: (body: Buffer, firstSequence: number) => void,
): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  const directory = `${DIRECTORY}/book`
  const source = openJournal({ disk: from, directory })
  const target = openJournal({ disk, directory })
  const writer = target.startWriter({ thread: false })
  for (const frame of source.reader.frames()) {
    if (frame.count === 0) continue
    const group = writer.take()
    if (group === undefined) throw new Error('no free group')
    frame.body.copy(group.bytes, FRAME_HEADER_BYTES)
    group.firstSequence = frame.firstSequence
    group.count = frame.count
    group.bodyBytes = frame.bodyBytes
    alter(group.body, frame.firstSequence)
    writer.writeInline(group)
  }
  await target.close()
  await source.close()
  return disk
}

/** Two accounts, then one transfer or hold per frame: sequences 3, 4, 5. */
async function small(): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  const ledger = await openLedger({ directory: DIRECTORY, disk, clock: new TestClock() })
  await ledger.createAccounts([account(1n), account(2n)])
  await ledger.createTransfers([transfer(10n, 5n)])
  await ledger.createTransfers([transfer(11n, 6n, { flags: TransferFlags.pending })])
  const asked = request([openAccount(3n)], { keys: [idempotencyKey('p', 'k')] })
  await ledger.applyBatch(asked.batch, { key: 'k' })
  await ledger.close()
  return disk
}

const FIRST_RECORD = 64

const kindsOf = async (disk: MemoryDisk): Promise<string[]> => {
  const { problems } = await verifyLedger({ directory: DIRECTORY, disk })
  return [...new Set(problems.map(({ kind, sequence }) => `${kind} ${sequence}`))]
}

test.each([
  ['an amount that was raised', MovedField.amount, ['balance 3', 'decision 3']],
  ['a balance that was raised', MovedField.debitSide + 32, ['balance 3', 'decision 3']],
  ['an entry number that was raised', MovedField.creditSide, ['link 3', 'decision 3']],
  ['a link that was bent', MovedField.creditSide + 8, ['link 3', 'decision 3']],
])('%s is found, although every checksum is right', async (_, field, expected) => {
  const disk = await forged(await small(), (body, firstSequence) => {
    if (firstSequence === 3) body[FIRST_RECORD + field] = (body[FIRST_RECORD + field] ?? 0) + 1
  })
  expect(await kindsOf(disk)).toEqual(expect.arrayContaining(expected))
})

test('a request that claims another event is found', async () => {
  const disk = await forged(await small(), (body, firstSequence) => {
    if (firstSequence === 4) body.writeUInt32LE(1, body.readUInt32LE(56) + 8)
  })
  expect(await kindsOf(disk)).toContain('request 5')
})

test('a changed byte on the disk is found by its checksum', async () => {
  const disk = await small()
  const path = `${DIRECTORY}/book/0000000001.book`
  const bytes = disk.contents(path)
  const at = 4_096 + FRAME_HEADER_BYTES + FIRST_RECORD + 20
  bytes[at] = (bytes[at] ?? 0) ^ 1
  disk.place(path, bytes)
  const { problems, sound } = await verifyLedger({ directory: DIRECTORY, disk })
  expect(sound).toBe(false)
  expect(problems).toMatchObject([{ kind: 'checksum' }])
})

test('what a newer program wrote is said to be unreadable, and no damage', async () => {
  const disk = await small()
  const path = `${DIRECTORY}/book/0000000001.book`
  const bytes = Buffer.from(disk.contents(path))
  bytes.writeUInt32LE(2, 12)
  bytes.writeUInt32LE(crc32(bytes.subarray(12, 4_096)), 8)
  disk.place(path, bytes)
  const { problems, sound } = await verifyLedger({ directory: DIRECTORY, disk })
  expect(sound).toBe(false)
  expect(problems).toMatchObject([
    { kind: 'unreadable', text: expect.stringContaining('this program knows 1 only') },
  ])
})

test('a damaged snapshot is found', async () => {
  const { disk } = await filled(15)
  const [newest = ''] = findSnapshots(disk, `${DIRECTORY}/snapshots`)
  const bytes = disk.contents(newest)
  bytes[6_000] = (bytes[6_000] ?? 0) ^ 1
  disk.place(newest, bytes)
  expect(await kindsOf(disk)).toEqual(['snapshot undefined'])
})
