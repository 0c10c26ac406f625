import { MemoryDisk } from '@tallystick/journal'
import { freshSeed, Prng, RandomCommands } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { openLedger, verifyLedger } from '../src/index.ts'
import { SECOND, TestClock } from './fixtures.ts'
import { audited, showLog, wrongIn } from './shown-openings.ts'

const DIRECTORY = '/data'

/** Everything that a ledger decides: chains, holds, releases, limits, subtrees, reversals, closings, refusals, statements. */
async function randomBook(prng: Prng): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  const clock = new TestClock(1_000_000n * SECOND)
  const ledger = await openLedger({
    directory: DIRECTORY,
    disk,
    clock,
    proofs: true,
    threads: false,
  })
  const random = new RandomCommands(prng)
  for (let batch = 0; batch < 120; batch++) {
    clock.advance(BigInt(prng.below(1_500)) * 1_000_000n)
    await ledger.applyCommands(random.batch(clock.now()))
    if (ledger.lastSequence > 0 && prng.once(12)) await ledger.attestAccounts()
  }
  await ledger.close()
  return disk
}

test('random histories are replayed from their openings to what the ledger itself comes to', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (let history = 0; history < 8; history++) {
    const disk = await randomBook(prng)
    const log = await showLog({ directory: DIRECTORY, disk })
    const report = await audited(log, { needsOpenings: true })
    expect(wrongIn(report), `TALLY_TEST_SEED=${seed}`).toEqual([])
    const { trialBalances } = await verifyLedger({ directory: DIRECTORY, disk })
    const accounts = trialBalances.reduce((sum, each) => sum + each.accounts, 0)
    expect(report.replayed).toMatchObject({ events: BigInt(log.events), accounts })
    const sums = report.replayed?.assets.map(({ asset, debitsPosted }) => ({ asset, debitsPosted }))
    expect(sums).toEqual(
      trialBalances
        .map(({ asset, debitsPosted }) => ({ asset, debitsPosted }))
        .toSorted((a, b) => a.asset - b.asset),
    )
  }
})

test('without openings it is said what could not be checked, and who needs them is not content', async () => {
  const log = await showLog({ directory: DIRECTORY, disk: await randomBook(new Prng(5)) }, false)
  const report = await audited(log)
  expect(wrongIn(report)).toEqual([])
  expect(report.unchecked[0]).toContain('no openings were given')
  expect(wrongIn(await audited(log, { needsOpenings: true }))).toEqual([
    'openings: There are no openings where the tiles lie.',
  ])
})
