import { embeddedSource, freshSeed, Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import {
  agedHoldsReport,
  Agreement,
  balancesReport,
  type Checked,
  moversReport,
  type TotalsNow,
  turnoverReport,
} from '../src/index.ts'
import { fill, follow, type Followed } from './followed.ts'

async function start(): Promise<{ followed: Followed; seed: number }> {
  const seed = freshSeed()
  const followed = await follow(embeddedSource())
  await fill(followed, new Prng(seed), 40)
  const { models, ledger } = followed
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  return { followed, seed }
}

/** By the ledger: each account as it was, added up. */
function naiveBalances({ ledger }: Followed, at: bigint, groupBy: number): Map<string, bigint[]> {
  const groups = new Map<string, bigint[]>()
  for (let slot = 0; slot < ledger.reader.accountCount; slot++) {
    const view = ledger.reader.accountBySlot(slot)
    if (view === undefined || view.timestamp > at || view.address === '') continue
    const past = ledger.reader.balanceAt(view.id, at)?.balances
    const key = `${view.address.split(':').slice(0, groupBy).join(':')} NUMBER_${view.asset}/0`
    const {
      debitsPending = 0n,
      debitsPosted = 0n,
      creditsPending = 0n,
      creditsPosted = 0n,
    } = past ?? {}
    const own = [1n, debitsPending, debitsPosted, creditsPending, creditsPosted]
    groups.set(
      key,
      (groups.get(key) ?? [0n, 0n, 0n, 0n, 0n]).map((sum, index) => sum + (own[index] ?? 0n)),
    )
  }
  return groups
}

test('balances at any moment, by any number of segments, are those of the accounts added up', async () => {
  const { followed, seed } = await start()
  const { ledger, models } = followed
  const first = ledger.reader.transferBySequence(1)?.timestamp ?? 1_700_000_000_000_000_000n
  for (let step = 0n; step <= 10n; step++) {
    const at = first + ((ledger.lastTimestamp - first) * step) / 10n
    for (const groupBy of [0, 1, 2]) {
      const { rows } = await balancesReport(models.pool, { at, groupBy, prefix: 'users' })
      const found = new Map(
        rows.map((row) => [
          `${row.group} ${row.asset}`,
          [
            row.accounts,
            row.debits_pending,
            row.debits_posted,
            row.credits_pending,
            row.credits_posted,
          ].map(BigInt),
        ]),
      )
      expect(found, `seed ${seed}, at ${at}`).toEqual(naiveBalances(followed, at, groupBy))
    }
  }
  const now = await balancesReport(models.pool, { groupBy: 0 })
  const then = await balancesReport(models.pool, { groupBy: 0, at: ledger.lastTimestamp })
  expect(now.rows, `seed ${seed}`).toEqual(then.rows)
  // The trial balance.
  for (const { debits_posted, credits_posted } of now.rows)
    expect(debits_posted).toBe(credits_posted)
})

test.each(['day', 'week', 'month'] as const)(
  'turnover by %s: each period begins where the one before ended, in the zone of the asker',
  async (period) => {
    const { followed, seed } = await start()
    const { models } = followed
    const from = '2023-11-10'
    const asked = {
      groupBy: 2,
      prefix: 'users',
      period,
      from,
      to: '2024-01-20',
      timeZone: 'Asia/Kathmandu',
    }
    const { rows } = await turnoverReport(models.pool, asked)
    expect(rows.length, `seed ${seed}`).toBeGreaterThan(0)
    for (const row of rows) {
      expect(BigInt(row.closing) - BigInt(row.opening)).toBe(
        BigInt(row.credits) - BigInt(row.debits),
      )
      for (const edge of [row.from, row.to]) {
        // Five hours and three quarters before midnight, UTC.
        expect((BigInt(edge) / 1_000_000_000n) % 86_400n).toBe(18n * 3_600n + 900n)
      }
    }
    const chained = rows.flatMap((row, index) => {
      const next = rows[index + 1]
      const isSame = next?.group === row.group && next.asset === row.asset
      return isSame ? [[next.from, next.opening, row.to, row.closing]] : []
    })
    expect(chained.length, `seed ${seed}`).toBeGreaterThan(0)
    expect(chained.filter(([a, b, c, d]) => a !== c || b !== d)).toEqual([])
    const { reader } = followed.ledger
    const closings = rows.flatMap((row) => {
      const account = reader.accountByAddress(`${row.group}:wallet`)
      const past = account && reader.balanceAt(account.id, BigInt(row.to) - 1n)?.balances
      if (past === undefined) return []
      return [[row.closing, `${past.creditsPosted - past.debitsPosted}`]]
    })
    expect(
      closings.filter(([found, own]) => found !== own),
      `seed ${seed}`,
    ).toEqual([])
  },
)

test('who moved most and what is held for how long are as the tables of movements and holds say', async () => {
  const { followed, seed } = await start()
  const { models, ledger } = followed
  const asked = { asset: 'NUMBER_1/0', from: 0n, to: ledger.lastTimestamp + 1n, limit: 3 }
  const { rows } = await moversReport(models.pool, asked)
  const all = Array.from({ length: ledger.reader.accountCount }, (_, slot) =>
    ledger.reader.accountBySlot(slot),
  )
    .flatMap((view) => (view?.asset === 1 ? [view.debitsPosted + view.creditsPosted] : []))
    .sort((a, b) => Number(b - a))
  const sums = rows.map(({ debits, credits }) => BigInt(debits) + BigInt(credits))
  expect(sums, `seed ${seed}`).toEqual(all.filter((sum) => sum > 0n).slice(0, 3))
  const aged = await agedHoldsReport(models.pool, ledger.lastTimestamp)
  const held = aged.rows.reduce((sum, { remaining }) => sum + BigInt(remaining), 0n)
  const pending = await balancesReport(models.pool, { groupBy: 0 })
  expect(held, `seed ${seed}`).toBe(
    pending.rows.reduce((sum, row) => sum + BigInt(row.debits_pending), 0n),
  )
})

test('tables that say something else than the ledger are found', async () => {
  const { followed, seed } = await start()
  const { models, ledger, database } = followed
  const found: string[] = []
  const totals = (): TotalsNow => ({
    sequence: ledger.lastSequence,
    totals: ledger.reader.totals({ prefix: '', groupBy: 0 }).map((row) => ({
      ...{ asset: `NUMBER_${row.asset}/0`, accounts: row.accounts },
      ...{ debitsPosted: row.debitsPosted, creditsPosted: row.creditsPosted },
    })),
  })
  const agreement = new Agreement({
    models,
    totals,
    onChange: noteOf(found),
  })
  expect(await agreement.check()).toBe(true)
  expect(found, `seed ${seed}`).toEqual([])
  // What came since is taken off again.
  const then = totals()
  await fill(followed, new Prng(5), 10)
  const late = new Agreement({
    ...{ models, totals: () => then },
    onChange: noteOf(found),
  })
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  expect(await late.check()).toBe(true)
  expect(found, `seed ${seed}`).toEqual([])
  const pool = await database.ready()
  await pool.query(
    "update tallystick.accounts set credits_posted = credits_posted + 1 where asset = 'NUMBER_1/0' and slot = (select min(slot) from tallystick.accounts where asset = 'NUMBER_1/0' and address like 'users:%')",
  )
  expect(await agreement.check()).toBe(true)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(/^NUMBER_1\/0: the ledger has \d+ accounts, .* the tables \d+ accounts/)
  // The same difference is told once; that they agree again, once too.
  expect(await agreement.check()).toBe(true)
  expect(found).toHaveLength(1)
  const later = new Agreement({ models, totals, onChange: noteOf(found) })
  await later.recall(pool)
  expect(later.last).toEqual(agreement.last)
  agreement.close()
})

const noteOf =
  (found: string[]) =>
  (_client: unknown, { differences }: Checked): Promise<void> => {
    found.push(...differences)
    return Promise.resolve()
  }
