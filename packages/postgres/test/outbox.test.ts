import { type Debian, embeddedSource, openDatabase, pidOf, startDebian } from '@tallystick/testkit'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import { type Database, type Fact, Jobs, outboxJob, writeFact } from '../src/index.ts'

let debian: Debian
beforeAll(async () => {
  debian = await startDebian()
})
afterAll(() => debian.stop())

const WAIT = { timeout: 30_000, interval: 50 }

interface Opened {
  readonly jobs: Jobs
  readonly told: Fact[]
  readonly failures: string[]
}

/** Tells facts to a list, under the number of those before; a fact that was told before keeps its number. */
function open(database: Database, told: Fact[] = []): Opened {
  const failures: string[] = []
  const tell = (fact: Fact): Promise<number> => {
    if (fact.type === 'refused' && failures.length === 0) throw new Error('not this time')
    const before = told.findIndex(({ id }) => id === fact.id)
    return Promise.resolve(before < 0 ? told.push(fact) : before + 1)
  }
  const jobs = Jobs.open({
    ...{ database, kinds: [outboxJob(database, tell)] },
    onFailure: (name, error) => failures.push(`${name}: ${String(error)}`),
  })
  onTestFinished(() => jobs.close())
  return { jobs, told, failures }
}

/** In one transaction, which ends as it says. */
async function write(database: Database, jobs: Jobs, fact: Omit<Fact, 'id'>, end: string) {
  const client = await (await database.ready()).connect()
  try {
    await client.query('begin')
    await vi.waitFor(() => writeFact(client, jobs, fact), WAIT)
    await client.query(end)
  } finally {
    client.release()
  }
}

const typesOf = (facts: readonly Fact[]): string[] => facts.map(({ type }) => type)

test('what was written in a transaction is told when that was committed, once, also after PostgreSQL was killed', async () => {
  const source = embeddedSource()
  const { database } = openDatabase(source)
  const { jobs, told, failures } = open(database)
  await write(database, jobs, { type: 'taken.back', data: '{}' }, 'rollback')
  await write(database, jobs, { type: 'first', data: '{"n":1}' }, 'commit')
  await vi.waitFor(() => expect(typesOf(told)).toEqual(['first']), WAIT)
  process.kill(pidOf(source), 'SIGKILL')
  await expect.poll(() => database.state.losses, WAIT).toBe(1)
  await write(database, jobs, { type: 'refused', data: '{}' }, 'commit')
  // It fails once, is told of, and is tried again.
  await vi.waitFor(() => expect(typesOf(told)).toEqual(['first', 'refused']), WAIT)
  expect(failures).toEqual(['outbox: Error: not this time'])
  const { rows } = await database.pool.query(
    'select type, sequence from tallystick.outbox order by number',
  )
  expect(rows).toEqual([
    { type: 'first', sequence: '1' },
    { type: 'refused', sequence: '2' },
  ])
})

test('what was told when the process died before noting it is told again by the next, under the same id, from Debian’s PostgreSQL, too', async () => {
  const { database } = openDatabase(await debian.source())
  const pool = await database.ready()
  await pool.query("insert into tallystick.outbox (type, data) values ('late', '{}')")
  const { rows } = await pool.query<Fact>('select id, type, data from tallystick.outbox')
  const before = [...rows]
  const { told } = open(database, before)
  const noted = 'select sequence from tallystick.outbox'
  await vi.waitFor(
    async () => expect((await pool.query(noted)).rows).toEqual([{ sequence: '1' }]),
    WAIT,
  )
  expect(told).toHaveLength(1)
})
