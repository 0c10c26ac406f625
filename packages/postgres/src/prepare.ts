/** Makes a database fit to be used: version, migrations, and whose it is. */
import type { ClientBase } from 'pg'

import { DatabaseRefused } from './errors.ts'
import { VERSION_MIN } from './limits.ts'
import { migrate, type MigrationSet } from './migrations.ts'

export interface Preparing {
  readonly migrations: readonly MigrationSet[]
  /** 16 bytes: of the ledger that it has to belong to. */
  readonly journalId: Uint8Array
}

/** @returns the server's version, like `18.4`. @throws DatabaseRefused */
export async function prepare(client: ClientBase, preparing: Preparing): Promise<string> {
  const version = await versionOf(client)
  await migrate(client, preparing.migrations)
  await claim(client, preparing.journalId)
  return version
}

async function versionOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ server_version: string; number: number }>(
    "select current_setting('server_version') as server_version, current_setting('server_version_num')::int as number",
  )
  const [{ server_version, number } = { server_version: '', number: 0 }] = rows
  const version = server_version.split(' ')[0] ?? ''
  if (number >= VERSION_MIN * 10_000) return version
  throw new DatabaseRefused(
    `The database is PostgreSQL ${version}; Tallystick needs ${VERSION_MIN} or newer.`,
  )
}

/** The first ledger that comes gets it. */
async function claim(client: ClientBase, journalId: Uint8Array): Promise<void> {
  const own = Buffer.from(journalId)
  await client.query(
    'insert into tallystick.ledger (journal_id) values ($1) on conflict do nothing',
    [own],
  )
  const { rows } = await client.query<{ journal_id: Buffer }>(
    'select journal_id from tallystick.ledger',
  )
  const found = rows[0]?.journal_id
  if (found?.equals(own) === true) return
  throw new DatabaseRefused(
    `The database belongs to the ledger with journal ${found?.toString('hex') ?? 'none'}, and this is ${own.toString('hex')}: give each its own.`,
  )
}
