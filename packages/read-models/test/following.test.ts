import { freshSeed, isRunning, pidOf, Prng, startDebian, embeddedSource } from '@tallystick/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { openLedger } from '@tallystick/engine'
import { connect, type Database, type DatabaseSource, type Pool } from '@tallystick/postgres'
import type { Debian, EmbeddedSource } from '@tallystick/testkit'

import { expected, fill, follow, type Followed, followBy, found, scratch } from './followed.ts'

let debian: Debian
beforeAll(async () => {
  debian = await startDebian()
})
afterAll(() => debian.stop())

/** The tables hold what the ledger says itself, once they are as far. */
async function agree({ models, database, ledger }: Followed): Promise<void> {
  expect(await models.reached(ledger.durableSequence, 30_000)).toBe(true)
  expect(await found(await database.ready())).toEqual(expected(ledger))
}

const PLACES: readonly (readonly [string, () => Promise<DatabaseSource>])[] = [
  ['embedded', () => Promise.resolve(embeddedSource())],
  ['Debian’s', () => debian.source()],
]

describe.each(PLACES)('%s', (_name, place) => {
  test('the tables hold what each account’s own history says', async () => {
    const seed = freshSeed()
    const prng = new Prng(seed)
    const followed = await follow(await place())
    for (let round = 0; round < 3; round++) {
      await fill(followed, prng, 20)
      await agree(followed)
    }
    expect(followed.models.state, `seed ${seed}`).toMatchObject({
      status: 'following',
      failures: 0,
    })
  })

  test('what was written while nobody followed is caught up, and nothing twice', async () => {
    const source = await place()
    const directory = scratch()
    const one = await follow(source, directory)
    const prng = new Prng(7)
    await fill(one, prng, 10)
    await agree(one)
    await one.models.close()
    await one.database.close()
    await fill(one, prng, 10)
    await agree({ ...one, ...followBy(one.ledger, directory, source) })
  })

  test('they are made again from the journal, and nobody sees the half of it', async () => {
    const followed = await follow(await place())
    await fill(followed, new Prng(11), 20)
    await agree(followed)
    const { models, database, ledger } = followed
    const pool = await database.ready()
    await pool.query("update tallystick.accounts set debits_posted = 999, address = 'x' || slot")
    await models.rebuild()
    expect(models.state.status).toBe('rebuilding')
    expect(() => models.pool).toThrow(/made from the journal/)
    await expect.poll(() => models.state.status, { timeout: 30_000 }).toBe('following')
    expect(await found(pool)).toEqual(expected(ledger))
  })

  test('tables of another history under the same journal are made again', async () => {
    const source = await place()
    const directory = scratch()
    const one = await follow(source, directory)
    await fill(one, new Prng(3), 10)
    await agree(one)
    const pool = await one.database.ready()
    await one.models.close()
    await pool.query('update tallystick.read_models set timestamp_ns = timestamp_ns + 1')
    await pool.query('delete from tallystick.holds')
    await one.database.close()
    await agree({ ...one, ...followBy(one.ledger, directory, source) })
  })
})

test('PostgreSQL is killed again and again while money moves: nothing is lost, nothing is there twice', async () => {
  const source = embeddedSource()
  const followed = await follow(source)
  const prng = new Prng(23)
  await followed.database.ready()
  for (let kill = 0; kill < 4; kill++) {
    await fill(followed, prng, 6)
    const pid = pidOf(source)
    process.kill(pid, 'SIGKILL')
    await fill(followed, prng, 6)
    await expect.poll(() => isRunning(pid)).toBe(false)
    await followed.database.ready()
  }
  await agree(followed)
  expect(followed.database.state.losses).toBeGreaterThan(0)
})

/** By name. */
async function indexesOf(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    "select indexname, indexdef from pg_indexes where schemaname = 'tallystick' order by indexname",
  )
  return rows
}

test('PostgreSQL is killed again and again while the tables are made from zero: they come to be whole, with all their indexes', async () => {
  const source = embeddedSource()
  const followed = await follow(source)
  const { models, database } = followed
  await fill(followed, new Prng(29), 30)
  await agree(followed)
  const indexes = await indexesOf(await database.ready())
  expect(indexes.length).toBeGreaterThan(20)
  const steps = ['truncate', 'copy', 'create index', 'analyze']
  for (const step of steps) {
    await database.ready()
    await models.rebuild()
    await killDuring(database, source, step)
  }
  await agree(followed)
  expect(await indexesOf(await database.ready())).toEqual(indexes)
})

/** Kills the server when it is seen to do that, or when the tables were made in spite of looking for it. */
async function killDuring(database: Database, source: EmbeddedSource, step: string): Promise<void> {
  for (let looks = 0; looks < 200; looks++) {
    if (await isDoing(await database.ready(), step)) break
  }
  const pid = pidOf(source)
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isRunning(pid)).toBe(false)
}

async function isDoing(pool: Pool, step: string): Promise<boolean> {
  const looked = await pool
    .query(
      "select from pg_stat_activity where state = 'active' and query ilike $1 and pid <> pg_backend_pid()",
      [`${step}%`],
    )
    // The pool may hold a connection yet to the server that was killed before this one.
    .catch(() => undefined)
  return (looked?.rows.length ?? 0) > 0
}

test('an index that is being made keeps nobody from closing, and is made the next time', async () => {
  const source = await debian.source()
  const directory = scratch()
  const one = await follow(source, directory)
  await fill(one, new Prng(31), 5)
  await agree(one)
  await one.models.close()
  const pool = await one.database.ready()
  await pool.query('drop index tallystick.movements_code')
  await pool.query('update tallystick.read_models set rebuilding_until = sequence')
  await pool.query(
    "insert into tallystick.deferred_indexes values ('movements_code', 'create index movements_code on tallystick.movements (code, sequence)')",
  )
  // Whoever writes keeps an index from being made.
  const writer = await connect(one.database.config, () => {})
  onTestFinished(() => writer.end())
  await writer.query('begin; lock table tallystick.movements in row exclusive mode')
  const two = followBy(one.ledger, directory, source)
  const waiting =
    "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'create index%'"
  const find = async (): Promise<number> => (await pool.query(waiting)).rows.length
  await expect.poll(find, { timeout: 30_000 }).toBe(1)
  expect(two.models.state.status).toBe('rebuilding')
  await two.models.close()
  await writer.query('commit')
  const three = followBy(one.ledger, directory, source)
  await agree({ ...one, ...three })
  expect(await indexesOf(pool)).toContainEqual(
    expect.objectContaining({ indexname: 'movements_code' }),
  )
})

test('a ledger that has more events than were followed, and one that has none, are both whole', async () => {
  const directory = scratch()
  const ledger = await openLedger({ directory, proofs: false })
  const { models, database } = followBy(ledger, directory, await debian.source())
  const pool = await database.ready()
  await expect.poll(() => models.state.status).toBe('following')
  expect(await found(pool)).toEqual(expected(ledger))
  await models.close()
  await ledger.close()
})
