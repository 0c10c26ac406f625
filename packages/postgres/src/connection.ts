/** One connection, for whoever keeps one for himself: a thread that writes much. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Client, type ClientConfig } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

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

/** Rows as text lines of COPY. @param into table and columns, trusted. */
export async function copyRows(
  client: Client,
  into: string,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return
  const stream = client.query(copyFrom(`copy ${into} from stdin`))
  await pipeline(Readable.from(chunksOf(lines)), stream)
}

const CHUNK_LINES = 512

function* chunksOf(lines: readonly string[]): Generator<Buffer> {
  for (let at = 0; at < lines.length; at += CHUNK_LINES) {
    yield Buffer.from(lines.slice(at, at + CHUNK_LINES).join(''))
  }
}
