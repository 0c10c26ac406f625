import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type DatabaseSource, type MigrationSet, ownMigrations } from '../src/index.ts'
import { type Debian, embeddedSource, openDatabase, startDebian, until } from '@tallystick/testkit'

let debian: Debian
beforeAll(async () => {
  debian = await startDebian()
})
afterAll(() => debian.stop())

const setOf = (...sql: string[]): MigrationSet => ({
  owner: 'test',
  migrations: sql.map((text, index) => ({
    ...{ number: index + 1, name: `000${index + 1}-step`, sql: text },
  })),
})

const ONE = 'create table one (a integer)'
const TWO = 'insert into one values (2)'

const PLACES: readonly (readonly [string, () => Promise<DatabaseSource>])[] = [
  ['embedded', () => Promise.resolve(embeddedSource())],
  ['Debian’s', () => debian.source()],
]

describe.each(PLACES)('%s', (_name, place) => {
  test('each migration is applied once, whoever starts when', async () => {
    const source = await place()
    const sets = [ownMigrations(), setOf(ONE, TWO)]
    // One server can be embedded once; two that start at one time share it from outside.
    const first = openDatabase(source, sets)
    if (source.kind === 'embedded') await first.database.ready()
    else await Promise.all([first, openDatabase(source, sets)].map((each) => each.database.ready()))
    await first.database.close()
    const { database } = openDatabase(source, [ownMigrations(), setOf(ONE, TWO, TWO)])
    const pool = await database.ready()
    expect((await pool.query('select a from one')).rows).toEqual([{ a: 2 }, { a: 2 }])
    const { rows } = await pool.query(
      "select number from tallystick.migrations where owner = 'test' order by number",
    )
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3])
  })

  test('a migration that was changed afterwards is refused, and so is one of a newer version', async () => {
    const source = await place()
    const first = openDatabase(source, [setOf(ONE, TWO), ownMigrations()])
    await first.database.ready()
    await first.database.close()
    const changed = openDatabase(source, [setOf(ONE, `${TWO} -- mended`), ownMigrations()])
    await expect(changed.database.ready()).rejects.toThrow(/0002-step of test is not what was/)
    await changed.database.close()
    const older = openDatabase(source, [setOf(ONE), ownMigrations()])
    await expect(older.database.ready()).rejects.toThrow(/a newer Tallystick has used it/)
  })

  test('a migration that fails leaves nothing of itself', async () => {
    const source = await place()
    const broken = openDatabase(source, [setOf(ONE, `${TWO}; select 1/0`), ownMigrations()])
    await until(() => broken.database.state.status === 'down')
    expect(broken.database.state.detail).toBe('division by zero')
    await broken.database.close()
    const pool = await openDatabase(source, [setOf(ONE), ownMigrations()]).database.ready()
    expect((await pool.query('select a from one')).rows).toEqual([])
  })

  test('a database of another ledger is refused', async () => {
    const source = await place()
    const first = openDatabase(source)
    await first.database.ready()
    await first.database.close()
    const other = openDatabase(source, [ownMigrations()], Buffer.alloc(16, 8))
    await expect(other.database.ready()).rejects.toThrow(
      /belongs to the ledger with journal (07){16}, and this is (08){16}: give each its own/,
    )
  })
})

test('a database that is not there is refused, and an address where nobody is is waited for', async () => {
  const source = await debian.source()
  if (source.kind !== 'outside') throw new Error('it is outside')
  const missing = openDatabase({ kind: 'outside', url: `${source.url}x` })
  await expect(missing.database.ready()).rejects.toThrow(/database "t\w+x" does not exist/)
  const nobody = openDatabase({ kind: 'outside', url: 'postgres://tally@127.0.0.1:1/x' })
  await expect.poll(() => nobody.database.state.status).toBe('down')
  expect(nobody.database.state.detail).toContain('ECONNREFUSED')
})
