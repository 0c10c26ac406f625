import { expect, test } from 'vitest'

import { payment } from './event.fixture.ts'
import { ORIGIN, TestLog, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import type { Report } from './report.ts'
import { SignatureType } from './verifier-key.ts'
import { type Growth, verifyGrowth } from './verify-growth.ts'

const signer = new TestSigner(ORIGIN, SignatureType.ed25519)
const policy = trustPolicy({ keys: [signer.vkey] })
const leaves = Array.from({ length: 600 }, (_, at) => payment(BigInt(at + 1)).leaf)
const log = new TestLog(leaves)
/** The same log, but for one event. */
const rewritten = new TestLog(leaves.with(200, payment(201n, 1n).leaf))
const noteAt = (size: number, of = log) => of.note([signer], size)
const proofOf = (first: number, second: number) => log.tree.consistency(first, second)

const growth = (first: number, second: number, evidence: Growth['evidence']) =>
  verifyGrowth({ older: noteAt(first), newer: noteAt(second), evidence }, policy)

const failures = ({ checks }: Report): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)

test('a log that grew is proved to have grown, from tiles and from a proof', async () => {
  const fromTiles = await growth(300, 600, log.source)
  expect(failures(fromTiles)).toEqual([])
  expect(fromTiles.checks.map(({ name }) => name)).toEqual([
    'older',
    'newer',
    'tiles',
    'consistency',
  ])
  expect(fromTiles.checks.at(-1)?.sentence).toBe(
    'The log only grew: the 300 events of the older tree are the first of the 600 of the newer one.',
  )
  expect(failures(await growth(300, 600, proofOf(300, 600)))).toEqual([])
  expect(failures(await growth(300, 500, proofOf(300, 500)))).toEqual([])
  expect(failures(await growth(0, 600, log.source))).toEqual([])
  expect(failures(await growth(0, 600, []))).toEqual([])
  expect(failures(await growth(600, 600, []))).toEqual([])
  expect(failures(await growth(0, 0, log.source))).toEqual([])
})

test('a log that was rewritten is found out', async () => {
  const older = noteAt(300)
  const newer = noteAt(600, rewritten)
  const report = await verifyGrowth({ older, newer, evidence: rewritten.source }, policy)
  expect(failures(report)).toEqual([
    'consistency: The newer tree does not begin with the older one: an event up to 300 was changed, taken out or put in. Keep both files, they are the evidence.',
  ])
  const early = noteAt(150)
  const untouched = await verifyGrowth({ older: early, newer, evidence: rewritten.source }, policy)
  expect(failures(untouched)).toEqual([])
})

test('two trees of one size are two stories', async () => {
  const notes = { older: noteAt(600), newer: noteAt(600, rewritten) }
  expect(failures(await verifyGrowth({ ...notes, evidence: [] }, policy))).toEqual([
    'consistency: There are two different trees of 600 events: the log told two stories. Keep both files, they are the evidence.',
  ])
})

test('tiles that are not those of the newer tree are not taken for a rewritten log', async () => {
  expect(failures(await growth(300, 600, rewritten.source))).toEqual([
    "tiles: The tiles do not lead to the newer checkpoint's root at 600 events: they are damaged, or another log's.",
  ])
  const empty = { read: () => Promise.resolve(undefined) }
  expect(failures(await growth(300, 600, empty))).toEqual(['tiles: tile/0/002.p/88 is missing.'])
})

test('a wrong proof proves nothing', async () => {
  expect(failures(await growth(300, 600, proofOf(299, 600)))).toEqual([
    `consistency: The ${proofOf(299, 600).length} hashes do not prove that the newer tree begins with the older one.`,
  ])
  expect(failures(await growth(600, 300, []))).toEqual([
    'consistency: The first checkpoint is of 600 events, the second of 300: give the older one first.',
  ])
})

test('both checkpoints must be signed', async () => {
  const stranger = new TestSigner(ORIGIN, SignatureType.ed25519)
  const older = log.note([stranger], 300)
  const report = await verifyGrowth({ older, newer: noteAt(600), evidence: log.source }, policy)
  expect(failures(report)).toEqual([
    'older: The older checkpoint cannot be trusted: no key of the log has signed it.',
  ])
  const nothing = await verifyGrowth({ older, newer: 'nothing', evidence: [] }, policy)
  expect(nothing.checks.map(({ name }) => name)).toEqual(['older', 'newer'])
})
