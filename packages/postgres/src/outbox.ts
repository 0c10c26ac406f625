/**
 * The outbox: a fact that becomes true in a transaction of PostgreSQL is written down in it, with the job that tells it. It is told at least
 * once, in order; whoever is told knows it again by its id.
 */
import type { ClientBase } from 'pg'

import type { Database } from './database.ts'
import type { JobKind, Jobs } from './jobs.ts'
import { OUTBOX_BATCH } from './limits.ts'

export interface Fact {
  /** UUID. */
  readonly id: string
  readonly type: string
  /** JSON, an object. */
  readonly data: string
}

const JOB = 'outbox'

/** In the transaction of `client`: both come true, or neither does. @throws DatabaseUnavailable */
export async function writeFact(
  client: Pick<ClientBase, 'query'>,
  jobs: Jobs,
  { type, data }: Omit<Fact, 'id'>,
): Promise<void> {
  await client.query('insert into tallystick.outbox (type, data) values ($1, $2)', [type, data])
  await jobs.ask(JOB, client)
}

/** @param tell returns the sequence of the event that tells it; the same one for the same fact, however often. */
export function outboxJob(database: Database, tell: (fact: Fact) => Promise<number>): JobKind {
  // A kill between telling and noting it: at the next start it is told again.
  return { name: JOB, policy: 'each', atStart: true, work: () => tellAll(database, tell) }
}

async function tellAll(database: Database, tell: (fact: Fact) => Promise<number>): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query<Fact & { readonly number: string }>(
      'select number, id, type, data from tallystick.outbox where sequence is null order by number limit $1',
      [OUTBOX_BATCH],
    )
    if (rows.length === 0) return
    for (const { number, ...fact } of rows) {
      const sequence = await tell(fact)
      await database.pool.query('update tallystick.outbox set sequence = $2 where number = $1', [
        number,
        sequence,
      ])
    }
  }
}
