/** A pool on which whatever is asked within a time takes too long: PostgreSQL itself ends it, and it is asked in the second way. */
import type { Pool, PoolClient } from '@tallystick/postgres'

const TOO_LONG = "do $$ begin raise exception sqlstate '57014'; end $$"

export function secondWay(pool: Pool): Pool {
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect()
    let within = false
    const query = (text: string, values?: unknown[]): Promise<unknown> => {
      const isEnded = within
      within = text.startsWith('savepoint within')
      return isEnded ? client.query(TOO_LONG) : client.query(text, values)
    }
    return { query, release: (failed?: boolean) => client.release(failed) } as unknown as PoolClient
  }
  return { connect } as unknown as Pool
}
