/**
 * Jobs: work that is due at a time, or was asked for in a transaction. pg-boss keeps them in PostgreSQL, in a schema of its own, so that they
 * outlive the process and are tried again when they fail. While PostgreSQL is away nothing is due; afterwards they go on.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import type { ClientBase } from 'pg'
import { type Db, PgBoss } from 'pg-boss'

import type { Database } from './database.ts'
import { DatabaseUnavailable, isConnectionLost } from './errors.ts'
import {
  JOB_POLL_SECONDS,
  JOB_RETRIES_MAX,
  JOB_RETRY_SECONDS_MAX,
  JOB_SECONDS_MAX,
  JOBS_RETRY_MS,
} from './limits.ts'

export interface JobKind {
  readonly name: string
  /** When it is due by itself, as cron says it, UTC. */
  readonly cron?: string
  /** Whether it is due at each start, too. */
  readonly atStart?: boolean
  /** `alone`: while one waits or runs, another is not taken on. `each`: every one runs. */
  readonly policy: 'alone' | 'each'
  /** What it throws is told, and it is tried again, later each time. */
  readonly work: () => Promise<void>
}

export interface JobsOptions {
  readonly database: Database
  readonly kinds: readonly JobKind[]
  /** For an operator: a job that failed. */
  readonly onFailure: (name: string, error: unknown) => void
}

const SCHEMA = 'tallystick_jobs'

export class Jobs {
  readonly #options: JobsOptions
  readonly #stopping = new AbortController()
  readonly #boss: PgBoss
  readonly #running: Promise<void>
  #isReady = false
  /** Since the start. */
  done = 0
  failed = 0

  private constructor(options: JobsOptions) {
    this.#options = options
    const { database } = options
    this.#boss = new PgBoss({
      db: { executeSql: (text, values) => database.pool.query(text, values) },
      schema: SCHEMA,
    })
    // What it says of a lost connection is said by whoever looks after that; it goes on by itself.
    this.#boss.on('error', (told) => {
      const error = errorOf(told)
      if (!isAway(error)) options.onFailure('pg-boss', error)
    })
    this.#running = this.#run()
  }

  /** Returns at once; jobs begin when PostgreSQL is there. */
  static open(options: JobsOptions): Jobs {
    return new Jobs(options)
  }

  /** @param client in whose transaction it is asked for; default: at once. @throws DatabaseUnavailable */
  async ask(name: string, client?: Pick<ClientBase, 'query'>): Promise<void> {
    if (!this.#isReady) throw new DatabaseUnavailable('PostgreSQL keeps no jobs yet.')
    const db = client === undefined ? {} : { db: databaseOf(client) }
    try {
      await this.#boss.send(name, null, db)
    } catch (error) {
      if (!isConnectionLost(error)) throw error
      throw new DatabaseUnavailable('PostgreSQL went away.', { cause: error })
    }
  }

  /** A job that runs is not waited for: it is tried again by the next start. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    this.#isReady = false
    await this.#boss.stop({ graceful: false }).catch(() => undefined)
  }

  /** Until it has begun. */
  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await Promise.race([this.#options.database.ready(), aborted(signal)])
        if (signal.aborted) return
        await this.#begin()
        this.#isReady = true
        return
      } catch (error) {
        if (!isAway(error)) this.#options.onFailure('pg-boss', error)
        await sleep(JOBS_RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
  }

  async #begin(): Promise<void> {
    await this.#boss.start()
    for (const kind of this.#options.kinds) {
      const { name, cron, atStart = false, policy } = kind
      await this.#boss.createQueue(name, {
        policy: policy === 'alone' ? 'exclusive' : 'standard',
        ...{ retryLimit: JOB_RETRIES_MAX, retryBackoff: true, retryDelay: 1 },
        ...{ retryDelayMax: JOB_RETRY_SECONDS_MAX, expireInSeconds: JOB_SECONDS_MAX },
      })
      if (cron !== undefined) await this.#boss.schedule(name, cron, null, { tz: 'UTC' })
      const polling = { pollingIntervalSeconds: JOB_POLL_SECONDS }
      await this.#boss.work(name, polling, () => this.#work(kind))
      if (atStart) await this.#boss.send(name)
    }
  }

  async #work({ name, work }: JobKind): Promise<void> {
    try {
      await work()
      this.done++
    } catch (error) {
      this.failed++
      if (!isAway(error)) this.#options.onFailure(name, error)
      throw error
    }
  }
}

const databaseOf = (client: Pick<ClientBase, 'query'>): Db => ({
  executeSql: (text, values) => client.query(text, values),
})

/** What it tells of is sometimes an error's fields, with more beside them. */
function errorOf(told: object): Error {
  if (told instanceof Error) return told
  const fields = { message: '', name: 'Error', ...told }
  if (fields.name === 'DatabaseUnavailable') return new DatabaseUnavailable(fields.message)
  return Object.assign(new Error(fields.message), fields)
}

function isAway(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || isConnectionLost(error)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
