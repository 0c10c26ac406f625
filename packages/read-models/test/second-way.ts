/** A pool on which whatever is asked within a time takes too long: PostgreSQL itself ends it, and it is asked in the second way. */
import type { QueryClient, QueryPool } from '../src/query/one-view.ts'

const TOO_LONG = "do $$ begin raise exception sqlstate '57014'; end $$"

export function secondWay(pool: QueryPool): QueryPool {
  const connect = async (): Promise<QueryClient> => {
    const client = await pool.connect()
    let within = false
    const query: QueryClient['query'] = (text, values) => {
      const isEnded = within
      within = text.startsWith('savepoint within')
      return isEnded ? client.query(TOO_LONG) : client.query(text, values)
    }
    return { query, release: (failed) => client.release(failed) }
  }
  return { connect }
}
