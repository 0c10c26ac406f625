/** How far the tables are, and what is remembered of the way there: read from the tables themselves. */
import type { Client } from '@tallystick/postgres'

import type { ClosingHold, Remembered } from './book-reader.ts'
import { deferIndexes, makeDeferredIndexes } from './indexes.ts'
import { READ_MODEL_TABLES } from './tables.ts'

export interface Position {
  /** Newest event that is in the tables; 0 = none. */
  readonly sequence: number
  /** Of that event, ns. */
  readonly timestamp: bigint
  /** 0: the tables are whole up to `sequence`; else they are being made, and are whole from there on, once their indexes are there too. */
  readonly rebuildingUntil: number
}

export async function readPosition(client: Pick<Client, 'query'>): Promise<Position> {
  const { rows } = await client.query<{ sequence: string; timestamp: string; until: string }>(
    'select sequence, timestamp_ns as timestamp, rebuilding_until as until from tallystick.read_models',
  )
  const [row] = rows
  if (row === undefined) throw new Error('the read models have no position')
  return {
    sequence: Number(row.sequence),
    timestamp: BigInt(row.timestamp),
    rebuildingUntil: Number(row.until),
  }
}

const CLOSING_FLAGS = 0b1100_0000

export async function readRemembered(client: Client): Promise<Remembered> {
  const assets = await client.query<{ number: string; name: string }>(
    'select number, name from tallystick.assets',
  )
  const closing = await client.query<Omit<ClosingHold, 'sequence'> & { sequence: string }>(
    `select sequence, flags, debit_slot as "debitSlot", credit_slot as "creditSlot" from tallystick.holds
     where status = 'pending' and flags & ${CLOSING_FLAGS} <> 0`,
  )
  return {
    assets: assets.rows.map(({ number, name }) => ({ number: Number(number), name })),
    closing: closing.rows.map((hold) => ({ ...hold, sequence: Number(hold.sequence) })),
  }
}

/** Empties the tables. @param until from that event on they may be asked again. */
export async function clear(client: Client, until: number): Promise<void> {
  await client.query('begin')
  const tables = READ_MODEL_TABLES.map((table) => `tallystick.${table}`)
  await client.query(`truncate ${tables.join(', ')}`)
  // A ledger without events has nothing to make indexes of later.
  if (until > 0) await deferIndexes(client)
  await client.query(
    'update tallystick.read_models set sequence = 0, timestamp_ns = 0, rebuilding_until = $1',
    [until],
  )
  await client.query('commit')
}

/** The tables are whole: makes what was deferred, and lets them be asked. @throws when it is aborted. */
export async function finish(client: Client, signal: AbortSignal): Promise<void> {
  await makeDeferredIndexes(client, signal)
  await client.query('update tallystick.read_models set rebuilding_until = 0')
}
