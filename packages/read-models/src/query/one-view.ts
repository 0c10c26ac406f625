/** Asks several things in one view of the tables, within a time, and tells how far they were. */
import { DatabaseUnavailable, isConnectionLost } from '@tallystick/postgres'
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely'

import { FilterRefused } from './filter.ts'

/** Only makes text: what is asked is asked on a connection of our own. */
const compiler = new Kysely<never>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** As much of `pg` as is needed. */
export interface QueryClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
  release(destroy?: boolean): void
}
export interface QueryPool {
  connect(): Promise<QueryClient>
}

export interface View {
  readonly client: QueryClient
}

export async function ask<Row>({ client }: View, query: RawBuilder<Row>): Promise<Row[]> {
  const { sql, parameters } = query.compile(compiler)
  const { rows } = await client.query(sql, [...parameters])
  return rows as Row[]
}

/** @returns undefined: not within that time; the view can be asked something else. */
export async function askWithin<Row>(
  view: View,
  ms: number,
  query: RawBuilder<Row>,
): Promise<Row[] | undefined> {
  await view.client.query(`savepoint within; set local statement_timeout = ${ms}`)
  try {
    return await ask(view, query)
  } catch (error) {
    if (codeOf(error) !== CANCELLED) throw error
    // The time for each question goes back to what it was, too.
    await view.client.query('rollback to savepoint within')
    return undefined
  }
}

/** SQLSTATE of a statement that was cancelled, here for its time. */
const CANCELLED = '57014'

/** @param ms that each question may take. @throws FilterRefused `too_slow`; DatabaseUnavailable */
export async function inOneView<Result>(
  pool: QueryPool,
  ms: number,
  make: (view: View) => Promise<Result>,
): Promise<{ readonly result: Result; readonly sequence: number }> {
  let client: QueryClient | undefined
  try {
    client = await pool.connect()
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query(`set local statement_timeout = ${ms}`)
    const { rows } = await client.query('select sequence from tallystick.read_models')
    const [position] = rows as readonly { readonly sequence: string }[]
    const result = await make({ client })
    await client.query('commit')
    client.release()
    return { result, sequence: Number(position?.sequence ?? 0) }
  } catch (error) {
    // A connection on which anything went wrong is not used again.
    client?.release(true)
    if (isConnectionLost(error))
      throw new DatabaseUnavailable('PostgreSQL went away.', { cause: error })
    if (codeOf(error) === CANCELLED) throw tooSlow(ms)
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function tooSlow(ms: number): FilterRefused {
  return new FilterRefused(
    'too_slow',
    'filter',
    `No answer within ${ms / 1_000} s: too many rows fit what an index leads to. Narrow it, by an account or by a shorter time.`,
  )
}
