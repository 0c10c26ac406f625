/** Whether the tables say what the ledger says: posted totals and accounts of each asset, at one event. */
import type { Pool } from '@tallystick/postgres'
import { sql } from 'kysely'

import { REPORT_MS_MAX } from '../limits.ts'
import { ask, inOneView } from '../query/one-view.ts'

/** Of one asset, by the ledger's own columns: of the accounts that have an address, which is what it adds up. */
export interface OwnTotals {
  readonly asset: string
  readonly accounts: number
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
}

interface Row {
  readonly asset: string
  readonly accounts: string
  readonly debits: string
  readonly credits: string
}

/**
 * @param through the event at which `own` was true; the tables are as far, or further: what came since is taken off again.
 * @returns assets that differ, with both sides, for an operator. Empty: they agree.
 */
export async function differences(
  pool: Pool,
  through: number,
  own: readonly OwnTotals[],
): Promise<string[]> {
  const { result: rows } = await inOneView(pool, REPORT_MS_MAX, (view) =>
    ask(
      view,
      sql<Row>`
        with named as (select * from tallystick.accounts where address <> id::text),
          since as (select debit_slot, credit_slot, amount from tallystick.movements
            where sequence > ${through} and kind in ('posted', 'captured', 'reversed'))
        select asset, count(*) filter (where sequence <= ${through}) as accounts,
          sum(debits_posted) - coalesce((select sum(amount) from since join named o on o.slot = debit_slot where o.asset = named.asset), 0) as debits,
          sum(credits_posted) - coalesce((select sum(amount) from since join named o on o.slot = credit_slot where o.asset = named.asset), 0) as credits
        from named group by asset`,
    ),
  )
  const shown = new Map(rows.map((row) => [row.asset, row]))
  const found = own.flatMap((totals) => differenceOf(totals, shown.get(totals.asset)))
  const known = new Set(own.map(({ asset }) => asset))
  const strangers = rows.filter(({ asset, accounts }) => !known.has(asset) && accounts !== '0')
  return [...found, ...strangers.map(({ asset }) => `${asset} is not in the ledger`)]
}

function differenceOf(own: OwnTotals, row: Row | undefined): string[] {
  const here = `${own.accounts} accounts, ${own.debitsPosted} debits, ${own.creditsPosted} credits`
  const there =
    row === undefined
      ? 'nothing'
      : `${row.accounts} accounts, ${row.debits} debits, ${row.credits} credits`
  return here === there ? [] : [`${own.asset}: the ledger has ${here}, the tables ${there}`]
}
