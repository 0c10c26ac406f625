/** The indexes that no constraint needs: away while the tables are made from zero, and made again before anybody is shown them. */
import type { Client } from '@tallystick/postgres'

import { READ_MODEL_TABLES } from './tables.ts'

/** Remembers them in the same transaction in which they go: a kill at any moment leaves them there, or known. */
export async function deferIndexes(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `insert into tallystick.deferred_indexes
       select indexname, indexdef from pg_indexes
       where schemaname = 'tallystick' and tablename = any($1)
         and not exists (select from pg_constraint where conindid = format('tallystick.%I', indexname)::regclass)
     on conflict (name) do nothing returning name`,
    [READ_MODEL_TABLES],
  )
  for (const { name } of rows) await client.query(`drop index tallystick.${name}`)
}

/**
 * One after the other; those that are made stay, whatever happens. Then the planner is told what is in the tables. Of many rows it takes minutes: whoever aborts it
 * also cancels the statement that runs. @throws when it is aborted.
 */
export async function makeDeferredIndexes(client: Client, signal: AbortSignal): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    'select name, definition from tallystick.deferred_indexes order by name',
  )
  for (const { name, definition } of rows) {
    signal.throwIfAborted()
    await client.query('begin')
    await client.query(definition)
    await client.query('delete from tallystick.deferred_indexes where name = $1', [name])
    await client.query('commit')
  }
  for (const table of READ_MODEL_TABLES) await client.query(`analyze tallystick.${table}`)
}
