/**
 * Numbered migrations: each is applied once, in order, in a transaction of its own, and held to its hash for ever. Who starts second
 * waits for the first.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import type { ClientBase } from 'pg'

import { DatabaseRefused } from './errors.ts'

export interface Migration {
  /** From 1, without a gap. */
  readonly number: number
  /** Like `0001-ledger`. */
  readonly name: string
  readonly sql: string
}

/** Those of one package. */
export interface MigrationSet {
  readonly owner: string
  readonly migrations: readonly Migration[]
}

/** Reads `0001-name.sql` and so on. @param directory that of the files, beside the code. */
export function readMigrations(owner: string, directory: URL): MigrationSet {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  const migrations = names.map((file, index) => {
    const name = file.replace(/\.sql$/, '')
    const number = Number(name.split('-')[0])
    if (number !== index + 1) throw new RangeError(`${owner}: ${file} is not number ${index + 1}`)
    return { number, name, sql: readFileSync(new URL(file, directory), 'utf8') }
  })
  return { owner, migrations }
}

export const ownMigrations = (): MigrationSet =>
  readMigrations('postgres', new URL('./migrations/', import.meta.url))

/** Any number that nobody else locks by chance: the letters of `tally`. */
const LOCK = 0x74616c6c79

/** @throws DatabaseRefused when what was applied is not what there is here. */
export async function migrate(client: ClientBase, sets: readonly MigrationSet[]): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await client.query(`
      create schema if not exists tallystick;
      create table if not exists tallystick.migrations (
        owner text, number integer, name text not null, sha256 text not null,
        applied_at timestamptz not null default now(), primary key (owner, number))`)
    for (const set of sets) await migrateSet(client, set)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
  }
}

async function migrateSet(client: ClientBase, { owner, migrations }: MigrationSet): Promise<void> {
  const { rows } = await client.query<{ number: number; name: string; sha256: string }>(
    'select number, name, sha256 from tallystick.migrations where owner = $1 order by number',
    [owner],
  )
  for (const { number, name, sha256 } of rows) {
    const known = migrations[number - 1]
    if (known === undefined) {
      throw new DatabaseRefused(
        `The database has migration ${name} of ${owner}, which this version does not know: a newer Tallystick has used it. Start that one.`,
      )
    }
    if (hashOf(known) !== sha256) {
      throw new DatabaseRefused(
        `Migration ${name} of ${owner} is not what was applied to the database: the file was changed afterwards. Put it back as it was.`,
      )
    }
  }
  for (const migration of migrations.slice(rows.length)) await apply(client, owner, migration)
}

async function apply(client: ClientBase, owner: string, migration: Migration): Promise<void> {
  const { number, name, sql } = migration
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query(
      'insert into tallystick.migrations (owner, number, name, sha256) values ($1, $2, $3, $4)',
      [owner, number, name, hashOf(migration)],
    )
    await client.query('commit')
  } catch (error) {
    // Without it the connection would refuse to give the lock back.
    await client.query('rollback')
    throw error
  }
}

const hashOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')
