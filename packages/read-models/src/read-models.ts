/**
 * The read models of one ledger: followed whenever PostgreSQL is there, started again after every failure, made anew when asked for. Whoever
 * asks them is told how far they are, or why they cannot be asked.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { DatabaseUnavailable, type Database, type Pool } from '@tallystick/postgres'

import { FollowThread } from './follow/follow-thread.ts'
import type { Position } from './follow/position.ts'
import { RETRY_MS, TELL_MS } from './limits.ts'

export interface FollowedLedger {
  readonly journalId: Uint8Array
  readonly durableSequence: number
  readonly durableTimestamp: bigint
}

export interface ReadModelsOptions {
  readonly database: Database
  readonly ledger: FollowedLedger
  /** Of the journal's segments. */
  readonly bookDirectory: string
  /** For an operator: what went wrong; it is tried again. */
  readonly onNote: (note: string) => void
}

/** `unknown`: PostgreSQL was not reached yet. `rebuilding`: made from the book; what is asked meanwhile is refused. */
export type ReadModelsStatus = 'unknown' | 'rebuilding' | 'following'

export interface ReadModelsState {
  readonly status: ReadModelsStatus
  /** Newest event that is in the tables. */
  readonly sequence: number
  /** From there on they may be asked again; 0: they may. */
  readonly rebuildingUntil: number
  /** Durable events that are not in the tables yet. */
  readonly lagEvents: number
  /** Ledger time between the newest event in the tables and the newest durable one, seconds. */
  readonly lagSeconds: number
  /** Times that following failed. */
  readonly failures: number
}

const NS_PER_SECOND = 1e9

export class ReadModels {
  readonly #options: ReadModelsOptions
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  readonly #waiting = new Set<() => void>()
  #thread: FollowThread | undefined
  #position: Position | undefined
  #rebuild = false
  #failures = 0
  #lastFailure = ''

  private constructor(options: ReadModelsOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** Returns at once. */
  static open(options: ReadModelsOptions): ReadModels {
    return new ReadModels(options)
  }

  get state(): ReadModelsState {
    const { durableSequence, durableTimestamp } = this.#options.ledger
    const { sequence = 0, timestamp = 0n, rebuildingUntil = 0 } = this.#position ?? {}
    const lagEvents = Math.max(0, durableSequence - sequence)
    const isRebuilding = this.#rebuild || rebuildingUntil > 0
    return {
      status: this.#position === undefined ? 'unknown' : isRebuilding ? 'rebuilding' : 'following',
      ...{ sequence, rebuildingUntil, lagEvents, failures: this.#failures },
      lagSeconds: lagEvents === 0 ? 0 : Number(durableTimestamp - timestamp) / NS_PER_SECOND,
    }
  }

  /** For questions. @throws DatabaseUnavailable while they cannot be asked; the message says why. */
  get pool(): Pool {
    const { pool } = this.#options.database
    const { status, sequence, rebuildingUntil } = this.state
    if (status === 'following') return pool
    const how =
      status === 'unknown'
        ? 'they are being opened'
        : sequence < rebuildingUntil
          ? `they are being made from the journal, ${sequence} of ${rebuildingUntil} events are in`
          : 'they were made from the journal, their indexes are being made'
    throw new DatabaseUnavailable(`The read models cannot be asked now: ${how}.`)
  }

  /** Resolves when event `sequence` is in the tables and they may be asked. @returns false: not within `ms`. */
  async reached(sequence: number, ms: number): Promise<boolean> {
    const late = AbortSignal.timeout(ms)
    while (this.state.status !== 'following' || this.state.sequence < sequence) {
      if (late.aborted || this.#stopping.signal.aborted) return false
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
        late.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return true
  }

  /** Makes all of it from the book again. Returns when the old ones are about to go; `state` says how far it is. */
  async rebuild(): Promise<void> {
    // @throws when it is not there: a wish for later would come as a surprise.
    void this.#options.database.pool
    this.#rebuild = true
    await this.#thread?.close()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    this.#tellWaiting()
    await this.#thread?.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await Promise.race([this.#options.database.ready(), aborted(signal)])
        if (signal.aborted) return
        await this.#follow()
      } catch {
        // Not there, or it may not be used: the database itself tells of that.
      }
      if (!this.#rebuild)
        await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Until the thread ends. */
  async #follow(): Promise<void> {
    const { database, ledger, bookDirectory } = this.#options
    const rebuild = this.#rebuild
    const thread = new FollowThread(
      {
        ...{ config: database.config, bookDirectory, journalId: ledger.journalId },
        ...{ through: ledger.durableSequence, rebuild },
      },
      (position) => {
        if (rebuild) this.#rebuild = false
        this.#position = position
        this.#lastFailure = ''
        this.#tellWaiting()
      },
    )
    this.#thread = thread
    let told = 0
    const timer = setInterval(() => {
      if (ledger.durableSequence === told) return
      told = ledger.durableSequence
      thread.follow(told)
    }, TELL_MS).unref()
    const failure = await thread.ended
    clearInterval(timer)
    this.#thread = undefined
    if (failure !== undefined) this.#failed(failure)
  }

  #failed(failure: string): void {
    this.#failures++
    this.#options.database.suspect()
    if (failure === this.#lastFailure) return
    this.#lastFailure = failure
    this.#options.onNote(`the read models stopped following and will go on: ${failure}`)
  }

  #tellWaiting(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const each of waiting) each()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
