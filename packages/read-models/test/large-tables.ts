/** Tables as a ledger of some size leaves them, made in the database itself: for what only their size shows. */
import { ownMigrations, type Pool } from '@tallystick/postgres'
import { embeddedSource, openDatabase } from '@tallystick/testkit'

import { readModelMigrations } from '../src/index.ts'

export const ACCOUNTS = 20_000
export const MOVEMENTS = 100_000
/** ns, of the first movement; each comes a second after the one before. */
export const BEGIN_NS = 1_700_000_000_000_000_000n

/** Each code, parent, cart and counterparty has some four to a thousand rows; they lie everywhere. */
const FILL = `
  insert into tallystick.accounts (slot, id, address, asset, code, flags, parent_id, limit_amount, closed, metadata, sequence, timestamp_ns)
    select n, lpad(to_hex(n + 1), 32, '0')::uuid, format('users:%s:wallet', n), 'EUR/2', 1 + n * 7 % 200, 0,
      case when n % 10 = 0 then lpad(to_hex(n % 500 + 1), 32, '0')::uuid end, 0, n % 100 = 0,
      case when n % 4 = 0 then jsonb_build_object('cart', 'c-' || n % 5000) end, n + 1, ${BEGIN_NS} + n
    from generate_series(0, ${ACCOUNTS - 1}) n;
  insert into tallystick.movements
    select n, lpad(to_hex(n), 32, '0')::uuid, case when n % 9 = 0 then 'held' else 'posted' end, n::bigint * 7919 % ${ACCOUNTS}, n::bigint * 104729 % ${ACCOUNTS},
      1 + n % 1000, 'EUR/2', 1 + n * 31 % 200, null, ${BEGIN_NS} + n::bigint * 1000000000, ${BEGIN_NS} + n::bigint * 1000000000, n,
      case when n % 4 = 0 then jsonb_build_object('cart', 'c-' || n % 50000) end, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0
    from generate_series(1, ${MOVEMENTS}) n;
  insert into tallystick.holds
    select sequence, id, case when sequence % 50 = 0 then 'pending' else 'captured' end, debit_slot, credit_slot, amount, 0, amount, asset, code, 2, metadata,
      timestamp_ns, timestamp_ns + 1000, sequence, timestamp_ns
    from tallystick.movements where kind = 'held';
  insert into tallystick.requests
    select n, n + n % 3, format('req_%s', lpad(n::text, 26, '0')), 1, 'shop', '', '', '', '', ${BEGIN_NS} + n::bigint * 1000000000
    from generate_series(1, ${MOVEMENTS}, 3) n;
  update tallystick.read_models set sequence = ${MOVEMENTS};
  analyze`

/** Closed when the test is over. */
export async function largeTables(): Promise<Pool> {
  const { database } = openDatabase(embeddedSource(), [ownMigrations(), readModelMigrations()])
  const pool = await database.ready()
  await pool.query(FILL)
  return pool
}
