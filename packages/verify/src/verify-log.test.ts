import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { toBase64 } from './bytes.ts'
import { packLeaf, payment, START, ZEROS } from './event.fixture.ts'
import { ORIGIN, TestLog, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import type { Report } from './report.ts'
import { SignatureType } from './verifier-key.ts'
import { verifyLog } from './verify-log.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const policy = trustPolicy({ keys: [signer.vkey] })
const leaves = Array.from({ length: 1_300 }, (_, at) => payment(BigInt(at + 1)).leaf)
const bytesOf = (text: string) => new TextEncoder().encode(text)

const published = (of: readonly Uint8Array[] = leaves): TestLog => {
  const log = new TestLog(of)
  log.files.set('checkpoint', bytesOf(log.note([signer])))
  return log
}

const failures = ({ checks }: Report): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)

const check = async (log: TestLog) => failures(await verifyLog({ source: log.source }, policy))

const ENTRIES_CHANGED =
  "root: The entries do not lead to the checkpoint's root, but the hash tiles do: entries were changed, the tree was not."
const NEITHER = "root: Neither the entries nor the hash tiles lead to the checkpoint's root."

test.each([0, 1, 255, 256, 257, 512, 1_300])('a whole log of %i events is proved', async (size) => {
  const report = await verifyLog({ source: published(leaves.slice(0, size)).source }, policy)
  expect(failures(report)).toEqual([])
  expect(report.checks.map(({ name }) => name)).toEqual(['checkpoint', 'entries', 'tiles', 'root'])
  expect(report.unchecked[0]).toContain('no openings were given')
})

test('a log may be checked up to a checkpoint that was kept', async () => {
  const log = published()
  const checkpoint = log.note([signer], 1_000)
  const report = await verifyLog({ source: log.source, checkpoint }, policy)
  // Level 1 was wider when its tile was written; its first hashes are the same.
  expect(failures(report)).toEqual(['tiles: tile/1/000.p/3 is missing.'])
  log.files.set('tile/1/000.p/3', log.files.get('tile/1/000.p/5')!.subarray(0, 96))
  expect(failures(await verifyLog({ source: log.source, checkpoint }, policy))).toEqual([])
})

test('progress is told up to the last event', async () => {
  const told: string[] = []
  const onProgress = (done: bigint, total: bigint) => told.push(`${done} of ${total}`)
  await verifyLog({ source: published().source, onProgress }, policy)
  expect(told).toHaveLength(6)
  expect(told.at(-1)).toBe('1300 of 1300')
})

test('an entry that was changed is named, and so is where it lies', async () => {
  const log = published()
  const bundle = log.files.get('tile/entries/004')!.slice()
  bundle[209 * 174 + 2 + 100]! ^= 1
  log.files.set('tile/entries/004', bundle)
  expect(await check(log)).toEqual([
    'entries: Entry 1,234 (tile/entries/004, 210th): the leaf does not hash to what the tree has in tile/0/004.',
    ENTRIES_CHANGED,
  ])
})

test('a tile of any level that was changed is named', async () => {
  const low = published()
  const tile = low.files.get('tile/0/001')!.slice()
  tile[32 * 2]! ^= 1
  low.files.set('tile/0/001', tile)
  expect(await check(low)).toEqual([
    'entries: Entry 259 (tile/entries/001, 3rd): the leaf does not hash to what the tree has in tile/0/001.',
  ])
  const high = published()
  high.files.set('tile/1/000.p/5', high.files.get('tile/1/000.p/5')!.with(31, 0).with(30, 0))
  expect(await check(high)).toEqual([
    'tiles: Hash 1 of tile/1/000.p/5 is not the root of the tile below it, tile 0 of level 0.',
  ])
})

test('what is missing is named, and the rest is checked', async () => {
  const log = published()
  log.files.delete('tile/entries/002')
  expect(await check(log)).toEqual([
    'entries: tile/entries/002 is missing: entries 513 to 768 are not there to check.',
    "root: Entries are missing, so that only the hash tiles lead to the checkpoint's root.",
  ])
  log.files.delete('tile/0/002')
  expect(await check(log)).toEqual([
    'entries: tile/entries/002 is missing: entries 513 to 768 are not there to check.',
    'tiles: tile/0/002 is missing.',
    NEITHER,
  ])
  const bare = new TestLog(leaves)
  expect(await check(bare)).toEqual(['checkpoint: There is no checkpoint where the tiles lie.'])
})

test('a size that nothing is there for does not keep the check busy for ever', async () => {
  const text = `${ORIGIN}\n${2n ** 62n}\n${toBase64(new Uint8Array(32))}\n`
  const checkpoint = `${text}\n${signer.line(text)}`
  const { source } = published(leaves.slice(0, 512))
  const problems = failures(await verifyLog({ source, checkpoint }, policy))
  expect(problems).toContain(
    'entries: Too much is missing: the check ends after entry 4,864 of 4,611,686,018,427,387,904.',
  )
  expect(problems.at(-1)).toBe(NEITHER)
})

test('leaves that hash as they should, but are wrong, are named', async () => {
  const wrong = leaves
    .slice(0, 12)
    .with(2, packLeaf({ sequence: 4n }))
    .with(4, packLeaf({ sequence: 5n, timestamp: START }))
    .with(6, packLeaf({ sequence: 7n, shard: 1 }))
    .with(7, packLeaf({ sequence: 8n, shard: 1 }))
    .with(9, packLeaf({ sequence: 10n, kind: 3, debit: ZEROS, shard: 1 }))
    .with(10, packLeaf({ sequence: 11n, shard: 1 }))
    .with(11, new Uint8Array(3))
  expect(await check(published(wrong))).toEqual([
    'entries: Entry 3 (tile/entries/000.p/12, 3rd): the leaf says that it is event 4.',
    'entries: Entry 4 (tile/entries/000.p/12, 4th): the leaf is of 2026-11-25T12:00:00.000004000Z, not after 2026-11-25T12:00:00.000004000Z, when event 4 was decided.',
    'entries: Entry 5 (tile/entries/000.p/12, 5th): the leaf is of 2026-11-25T12:00:00.000000000Z, not after 2026-11-25T12:00:00.000004000Z, when event 4 was decided.',
    'entries: Entry 7 (tile/entries/000.p/12, 7th): the leaf is of shard 1, the one before of shard 0.',
    'entries: Entry 9 (tile/entries/000.p/12, 9th): the leaf is of shard 0, the one before of shard 1.',
    'entries: Entry 10 (tile/entries/000.p/12, 10th): the leaf is of kind 3, but has a side.',
    'entries: Entry 11 (tile/entries/000.p/12, 11th): the leaf is of shard 1, the one before of shard 0.',
    'entries: Entry 12 (tile/entries/000.p/12, 12th): the leaf does not begin with TLE1.',
  ])
})

test('of many problems the first are told and the rest is counted', async () => {
  const log = published()
  const other = published(leaves.map((_, at) => payment(BigInt(at + 1), 9n).leaf))
  log.files.set('tile/entries/000', other.files.get('tile/entries/000')!)
  const problems = await check(log)
  expect(problems.filter((problem) => problem.startsWith('entries: Entry'))).toHaveLength(20)
  expect(problems).toContain('entries: And 236 more like these.')
})

test('entries and tiles that agree with each other, but not with the checkpoint', async () => {
  const log = published()
  const other = published(leaves.with(7, payment(8n, 9n).leaf))
  other.files.set('checkpoint', log.files.get('checkpoint')!)
  expect(await check(other)).toEqual([NEITHER])
})

test('a log that nobody trusted has signed is still read to its end', async () => {
  const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
  const log = published()
  log.files.set('checkpoint', bytesOf(log.note([stranger])))
  expect(await check(log)).toEqual([
    'checkpoint: The checkpoint cannot be trusted: no key of the log has signed it.',
  ])
  log.files.set('checkpoint', bytesOf('nothing'))
  expect(await check(log)).toEqual([
    'checkpoint: The checkpoint cannot be trusted: no empty line stands before the signatures.',
  ])
})

test.each([1, 2, 3])('no bit of any file can change unnoticed (seed %i)', async (seed) => {
  const random = new Prng(seed)
  const log = published(leaves.slice(0, 600))
  const paths = [...log.files.keys()]
  for (let round = 0; round < 25; round++) {
    const path = random.pick(paths)
    const whole = log.files.get(path)!
    const changed = whole.slice()
    changed[random.below(changed.length)]! ^= 1 << random.below(8)
    log.files.set(path, changed)
    expect([path, (await check(log)).length > 0]).toEqual([path, true])
    log.files.set(path, whole)
  }
  expect(await check(log)).toEqual([])
})
