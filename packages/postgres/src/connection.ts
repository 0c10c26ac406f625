/** One connection, for whoever keeps one for himself: a thread that writes much. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Client, type ClientConfig } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

import type { CopyRows } from './copy-rows.ts'
import { CONNECT_MS_MAX } from './limits.ts'

export type { Client } from 'pg'

/** How `pg` connects. Plain data: it can be sent to a thread. */
export type ConnectionConfig = Pick<
  ClientConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database'
>

/** @param onLost told once when it breaks while nobody asks anything. */
export async function connect(config: ConnectionConfig, onLost: () => void): Promise<Client> {
  const client = new Client({
    ...config,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'tallystick',
  })
  client.on('error', onLost)
  await client.connect()
  return client
}

/** Which process of PostgreSQL serves a connection. */
export async function backendOf(client: Pick<Client, 'query'>): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

/** Ends what that process does right now, as a wish: whoever waits for it hears of it. Nothing happens when PostgreSQL is not there. */
export async function cancelStatement(config: ConnectionConfig, backend: number): Promise<void> {
  try {
    const client = await connect(config, () => {})
    await client.query('select pg_cancel_backend($1)', [backend])
    await client.end()
  } catch {
    // Gone, and the statement with it.
  }
}

/** @param into table and columns, trusted. */
export async function copyRows(client: Client, into: string, rows: CopyRows): Promise<void> {
  if (rows.count === 0) return
  const stream = client.query(copyFrom(`copy ${into} from stdin (format binary)`))
  await pipeline(Readable.from(rows.end()), stream)
}
