import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  type Debian,
  embeddedSource,
  freshSeed,
  openDatabase,
  Prng,
  startDebian,
} from '@tallystick/testkit'

import { connect, copyRows, CopyRows, type DatabaseSource } from '../src/index.ts'

let debian: Debian
beforeAll(async () => {
  debian = await startDebian()
})
afterAll(() => debian.stop())

const ROWS = 3_000
const COLUMNS =
  'number integer, sequence bigint, time bigint, amount numeric, id uuid, other uuid, name text, fields jsonb, day date, is_so boolean'

interface Made {
  readonly sequence: number
  readonly time: bigint
  readonly amount: bigint
  readonly id: bigint
  readonly name: string
  readonly isSo: boolean
}

const NAMES = ['', 'plain', "it's\t\\N\n", 'Zoë 🐿', 'x'.repeat(300_000)]

/** All sizes of numbers are as likely. */
const sized = (prng: Prng, bits: number): bigint =>
  prng.u128() >> BigInt(128 - prng.below(bits + 1))

function makeRow(prng: Prng, index: number): Made {
  return {
    ...{ sequence: Number(sized(prng, 53)), time: sized(prng, 63), amount: sized(prng, 128) },
    // The long one goes beyond a chunk; a few of them are enough.
    ...{ id: prng.u128(), name: NAMES[index % 1_000 === 7 ? 4 : prng.below(4)] ?? '' },
    isSo: prng.once(2),
  }
}

function write(
  rows: CopyRows,
  { sequence, time, amount, id, name, isSo }: Made,
  index: number,
): void {
  const bytes = Buffer.from(id.toString(16).padStart(32, '0'), 'hex').reverse()
  rows.begin()
  rows.integer(index)
  rows.bigint(sequence)
  rows.bigint(time)
  if (isSo) rows.numeric(amount)
  else rows.null()
  rows.uuid(Buffer.concat([Buffer.alloc(3), bytes]), 3)
  rows.uuidOf(id)
  rows.text(name)
  rows.json(JSON.stringify({ name }))
  rows.date(index)
  rows.boolean(isSo)
}

const PLACES: readonly (readonly [string, () => Promise<DatabaseSource>])[] = [
  ['embedded', () => Promise.resolve(embeddedSource())],
  ['Debian’s', () => debian.source()],
]

test.each(PLACES)('%s: values of every type arrive as they were', async (_name, place) => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const { database } = openDatabase(await place())
  const pool = await database.ready()
  await pool.query(`create table made (${COLUMNS})`)
  const made = Array.from({ length: ROWS }, (_, index) => makeRow(prng, index))
  const rows = new CopyRows(10)
  for (const [index, row] of made.entries()) write(rows, row, index)
  const client = await connect(database.config, () => {})
  await copyRows(client, 'made', rows)
  await client.end()
  const { rows: found } = await pool.query(
    `select sequence, time, amount, replace(id::text, '-', '') as id, id = other as same, name, fields->>'name' as field,
       day - date '1970-01-01' as day, is_so as "isSo" from made order by number`,
  )
  const expected = made.map(({ sequence, time, amount, id, name, isSo }, index) => ({
    ...{ sequence: `${sequence}`, time: `${time}`, amount: isSo ? `${amount}` : null },
    ...{ id: id.toString(16).padStart(32, '0'), same: true, name, field: name, day: index, isSo },
  }))
  expect(found, `seed ${seed}`).toEqual(expected)
})

test('rows that do not fit the table are refused, and the connection goes on', async () => {
  const { database } = openDatabase(embeddedSource())
  await database.ready()
  const client = await connect(database.config, () => {})
  await client.query('create table made (a integer, b integer)')
  const rows = new CopyRows(1)
  rows.begin()
  rows.integer(7)
  await expect(copyRows(client, 'made', rows)).rejects.toThrow(/row field count is 1, expected 2/)
  await copyRows(client, 'made', new CopyRows(2))
  expect((await client.query('select * from made')).rows).toEqual([])
  await client.end()
})
