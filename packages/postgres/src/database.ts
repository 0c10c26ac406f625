/**
 * PostgreSQL as the rest of the system has it: there, or not there now. It is started, looked at, and got back when it was lost; whoever
 * asks while it is away is told so at once, and the ledger never waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { Pool, type PoolClient } from 'pg'

import type { ConnectionConfig } from './connection.ts'
import { EmbeddedServer } from './embedded/embedded-server.ts'
import { serverPassword } from './embedded/server-password.ts'
import { DatabaseRefused, DatabaseUnavailable } from './errors.ts'
import {
  CONNECT_MS_MAX,
  LOOK_MS,
  POOL_CONNECTIONS_MAX,
  RETRY_MS_FIRST,
  RETRY_MS_MAX,
} from './limits.ts'
import { prepare, type Preparing } from './prepare.ts'
import type { DatabaseSource } from './source.ts'

/** `refused`: it is there and may not be used; `detail` says why. */
export type DatabaseStatus = 'starting' | 'ready' | 'down' | 'refused'

export interface DatabaseState {
  readonly status: DatabaseStatus
  /** Like `18.4`; '' until it was reached once. */
  readonly version: string
  /** For an operator; '' when all is well. */
  readonly detail: string
  /** Times that it was lost. */
  readonly losses: number
}

export interface DatabaseOptions extends Preparing {
  readonly source: DatabaseSource
  /** For an operator: what changed. */
  readonly onNote: (level: 'debug' | 'info' | 'warn', note: string) => void
}

export class Database {
  readonly #options: DatabaseOptions
  readonly #stopping = new AbortController()
  readonly #changed = new Set<() => void>()
  #state: DatabaseState = { status: 'starting', version: '', detail: '', losses: 0 }
  #server: EmbeddedServer | undefined
  #pool: Pool | undefined
  #wake: AbortController | undefined
  readonly #running: Promise<void>

  private constructor(options: DatabaseOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** Returns at once; it becomes ready in its own time. */
  static open(options: DatabaseOptions): Database {
    return new Database(options)
  }

  get state(): DatabaseState {
    return this.#state
  }

  /** Open connections of the pool. */
  get connections(): number {
    return this.#pool?.totalCount ?? 0
  }

  /** What `pg` connects with. @throws DatabaseUnavailable */
  get config(): ConnectionConfig {
    const { source } = this.#options
    if (source.kind === 'outside') return { connectionString: source.url }
    if (this.#server === undefined) throw this.#unavailable()
    return { ...this.#server.address }
  }

  /** @throws DatabaseUnavailable when it is not ready. */
  get pool(): Pool {
    if (this.#state.status !== 'ready' || this.#pool === undefined) throw this.#unavailable()
    return this.#pool
  }

  /** Resolves when it is ready; rejects when it was closed before, or may not be used. */
  async ready(): Promise<Pool> {
    while (this.#state.status !== 'ready') {
      if (this.#state.status === 'refused') throw new DatabaseRefused(this.#state.detail)
      if (this.#stopping.signal.aborted) throw this.#unavailable()
      await new Promise<void>((resolve) => this.#changed.add(resolve))
    }
    return this.pool
  }

  /** Something failed in using it: it is looked at now. */
  suspect(): void {
    this.#wake?.abort()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    this.#wake?.abort()
    await this.#running
  }

  #unavailable(): DatabaseUnavailable {
    const { status, detail } = this.#state
    const why = status === 'starting' ? 'it is starting' : detail
    return new DatabaseUnavailable(`PostgreSQL is not there now: ${why}`)
  }

  async #run(): Promise<void> {
    let wait = RETRY_MS_FIRST
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#begin()
        wait = RETRY_MS_FIRST
        await this.#watch()
      } catch (error) {
        this.#lost(error)
      }
      await this.#pause(wait)
      wait = Math.min(2 * wait, RETRY_MS_MAX)
    }
    await this.#endPool()
    await this.#server?.stop()
    this.#become({ status: 'down', detail: 'it was closed' })
  }

  async #begin(): Promise<void> {
    const { source } = this.#options
    if (source.kind === 'embedded' && this.#server === undefined) {
      const server = await EmbeddedServer.start({ ...source, password: serverPassword(source) })
      this.#server = server
      void this.#notice(server)
    }
    await this.#endPool()
    const pool = new Pool({
      ...this.config,
      ...{ max: POOL_CONNECTIONS_MAX, connectionTimeoutMillis: CONNECT_MS_MAX },
      application_name: 'tallystick',
    })
    // Idle connections of a server that went away; what was asked on the others fails by itself.
    pool.on('error', () => this.suspect())
    this.#pool = pool
    const version = await withClient(pool, (client) => prepare(client, this.#options))
    // A first start without trouble is nothing to be told of.
    const level = this.#state.status === 'starting' ? 'debug' : 'info'
    this.#options.onNote(level, `PostgreSQL ${version} is ready`)
    this.#become({ status: 'ready', version, detail: '' })
  }

  async #notice(server: EmbeddedServer): Promise<void> {
    await server.ended
    if (this.#server === server) this.#server = undefined
    this.suspect()
  }

  /** Returns when it is closed; throws when it is lost. */
  async #watch(): Promise<void> {
    for (;;) {
      await this.#pause(LOOK_MS)
      if (this.#stopping.signal.aborted) return
      if (this.#options.source.kind === 'embedded' && this.#server === undefined) {
        throw new DatabaseUnavailable('the server ended')
      }
      await this.#pool?.query('select 1')
    }
  }

  #lost(error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const detail = error instanceof Error ? error.message : String(error)
    const isRefused = error instanceof DatabaseRefused || isLoginRefused(error)
    const status = isRefused ? 'refused' : 'down'
    // Once per loss, not per try.
    if (this.#state.status !== status || this.#state.detail !== detail) {
      this.#options.onNote('warn', `PostgreSQL cannot be used; the ledger goes on: ${detail}`)
    }
    const losses = this.#state.losses + (this.#state.status === 'ready' ? 1 : 0)
    this.#become({ status, detail, losses })
  }

  #become(change: Partial<DatabaseState>): void {
    this.#state = { ...this.#state, ...change }
    const waiting = [...this.#changed]
    this.#changed.clear()
    for (const each of waiting) each()
  }

  /** Until the time is over, somebody suspects, or it is closed. */
  async #pause(ms: number): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#wake = new AbortController()
    const { signal } = this.#wake
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined)
    this.#wake = undefined
  }

  async #endPool(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    // Of a server that is gone there is nothing left to close.
    await pool?.end().catch(() => undefined)
  }
}

async function withClient<Result>(
  pool: Pool,
  use: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  let failed = true
  try {
    const result = await use(client)
    failed = false
    return result
  } finally {
    client.release(failed)
  }
}

/** Wrong password, no such user, no such database: trying again alone does not mend it. SQLSTATE classes 28 and 3D. */
function isLoginRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(28|3D)/.test(String(error.code))
}
