/**
 * Holds the tables to the ledger's own columns, and keeps what came of it. A difference is an alarm: nobody but us should write the tables.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import type { Pool, PoolClient } from '@tallystick/postgres'

import {
  AGREEMENT_CHECKS_KEPT,
  AGREEMENT_REACH_MS,
  AGREEMENT_TRIES_MAX,
  AGREEMENT_WAIT_MS,
} from '../limits.ts'
import type { ReadModels } from '../read-models.ts'
import { differences, type OwnTotals } from './agreement.ts'

/** The ledger's totals, and the event at which they were true. */
export interface TotalsNow {
  readonly sequence: number
  readonly totals: readonly OwnTotals[]
}

/** What a check found. */
export interface Checked {
  readonly at: Date
  /** Event at which both were compared. */
  readonly sequence: number
  /** For people; none: they agree. */
  readonly differences: readonly string[]
}

export interface AgreementOptions {
  readonly models: ReadModels
  /** undefined: not at this moment, something is under way. */
  readonly totals: () => TotalsNow | undefined
  /** In the transaction that keeps the check, when it found something else than the one before. */
  readonly onChange: (client: PoolClient, checked: Checked) => Promise<void>
}

export class Agreement {
  readonly #options: AgreementOptions
  readonly #stopping = new AbortController()
  /** The last check, of an earlier start too. */
  last: Checked | undefined
  /** That came to an end since the start. */
  checks = 0

  constructor(options: AgreementOptions) {
    this.#options = options
  }

  close(): void {
    this.#stopping.abort()
  }

  /** Reads the last check of an earlier start. */
  async recall(pool: Pool): Promise<void> {
    const found = await lastCheck(pool)
    this.last ??= found
  }

  /** @returns whether it came to an end: it does not while the tables cannot be asked or the ledger is never still. @throws DatabaseUnavailable */
  async check(): Promise<boolean> {
    const { models } = this.#options
    const now = await this.#whenStill()
    if (now === undefined || !(await models.reached(now.sequence, AGREEMENT_REACH_MS))) return false
    const found = await differences(models.pool, now.sequence, now.totals)
    this.last = await this.#keep(models.pool, now.sequence, found)
    this.checks++
    return true
  }

  async #whenStill(): Promise<TotalsNow | undefined> {
    const { signal } = this.#stopping
    for (let tries = 0; tries < AGREEMENT_TRIES_MAX && !signal.aborted; tries++) {
      const now = this.#options.totals()
      if (now !== undefined) return now
      await sleep(AGREEMENT_WAIT_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
    return undefined
  }

  async #keep(pool: Pool, sequence: number, found: readonly string[]): Promise<Checked> {
    const client = await pool.connect()
    let failed = true
    try {
      await client.query('begin')
      const before = await lastCheck(client)
      const { rows } = await client.query<{ at: Date; number: string }>(
        'insert into tallystick.agreement_checks (sequence, differences) values ($1, $2) returning checked_at as at, number',
        [sequence, found],
      )
      const [{ at, number } = { at: new Date(0), number: '0' }] = rows
      const checked = { at, sequence, differences: found }
      await client.query('delete from tallystick.agreement_checks where number <= $1', [
        BigInt(number) - BigInt(AGREEMENT_CHECKS_KEPT),
      ])
      const isNews = (before?.differences ?? []).join('\n') !== found.join('\n')
      if (isNews) await this.#options.onChange(client, checked)
      await client.query('commit')
      failed = false
      return checked
    } finally {
      // What failed in between is rolled back with its connection.
      client.release(failed)
    }
  }
}

async function lastCheck(client: Pick<PoolClient, 'query'>): Promise<Checked | undefined> {
  const { rows } = await client.query<{ at: Date; sequence: string; differences: string[] }>(
    'select checked_at as at, sequence, differences from tallystick.agreement_checks order by number desc limit 1',
  )
  const [row] = rows
  return row && { ...row, sequence: Number(row.sequence) }
}
