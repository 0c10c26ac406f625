/**
 * Webhooks, how far each has come, what waits for delivery and what became of it: a SQLite file beside the journal, or in memory. A delivery is
 * written down together with the place that the webhook has come to, so that a kill loses none and at most repeats some. What a loss of power
 * takes, it takes of both.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

import { WEBHOOK_ATTEMPTS_KEPT } from '../limits.ts'

/** Which events, in words of the query. */
export interface WebhookWish {
  readonly types?: readonly string[]
  readonly accounts?: readonly string[]
  readonly prefix?: string
  readonly asset?: string
}

export interface WebhookRow {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly wish: WebhookWish
  readonly isActive: boolean
  /** Why it was switched off; '' = by hand, or it is on. */
  readonly reason: string
  /** Who made it. */
  readonly principal: string
  readonly secret: Uint8Array
  /** Of before the last rotation. */
  readonly oldSecret: Uint8Array | undefined
  /** ms since 1970; until then both sign. */
  readonly oldUntil: number
  /** ms since 1970. */
  readonly createdAt: number
  /** Sequence of the last event that was looked at for it. */
  readonly position: number
}

export interface Delivery {
  readonly webhook: string
  /** Of the event. */
  readonly sequence: number
  readonly tries: number
  /** ms since 1970. */
  readonly dueAt: number
}

export interface Attempt {
  readonly eventId: string
  /** ms since 1970. */
  readonly at: number
  readonly tookMs: number
  /** undefined: there was no answer. */
  readonly status: number | undefined
  readonly detail: string
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS webhooks (
  id TEXT PRIMARY KEY, url TEXT NOT NULL, description TEXT NOT NULL, wish TEXT NOT NULL, active INTEGER NOT NULL, reason TEXT NOT NULL,
  principal TEXT NOT NULL, secret BLOB NOT NULL, old_secret BLOB, old_until INTEGER NOT NULL, created_at INTEGER NOT NULL, position INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  webhook TEXT NOT NULL, sequence INTEGER NOT NULL, tries INTEGER NOT NULL, due_at INTEGER NOT NULL, dead INTEGER NOT NULL,
  PRIMARY KEY (webhook, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (webhook, dead, due_at, sequence);
CREATE TABLE IF NOT EXISTS attempts (
  number INTEGER PRIMARY KEY, webhook TEXT NOT NULL, event_id TEXT NOT NULL, at INTEGER NOT NULL, took_ms INTEGER NOT NULL, status INTEGER,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS attempts_of ON attempts (webhook, number);
PRAGMA user_version = 1;
`

type Row = Record<string, SQLOutputValue>

export class WebhookStore {
  readonly #database: DatabaseSync

  /** @param data directory; undefined: in memory. */
  constructor(data: string | undefined) {
    if (data !== undefined) mkdirSync(data, { recursive: true })
    this.#database = new DatabaseSync(data === undefined ? ':memory:' : join(data, FILE_NAME))
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
    this.#database.exec(SCHEMA)
  }

  all(): WebhookRow[] {
    return this.#rows('SELECT * FROM webhooks ORDER BY created_at, id').map(webhookOf)
  }

  find(id: string): WebhookRow | undefined {
    return this.#rows('SELECT * FROM webhooks WHERE id = ?', id).map(webhookOf)[0]
  }

  /** Durable when it returns. */
  save(row: WebhookRow): void {
    this.#durably(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO webhooks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          ...[row.id, row.url, row.description, JSON.stringify(row.wish), Number(row.isActive)],
          ...[row.reason, row.principal, row.secret, row.oldSecret ?? null, row.oldUntil],
          ...[row.createdAt, row.position],
        )
    })
  }

  /** With all that waits for it. Durable when it returns. */
  remove(id: string): void {
    this.#durably(() => {
      for (const statement of [
        'DELETE FROM webhooks WHERE id = ?',
        'DELETE FROM deliveries WHERE webhook = ?',
        'DELETE FROM attempts WHERE webhook = ?',
      ]) {
        this.#database.prepare(statement).run(id)
      }
    })
  }

  /** It has come to `position`; these events are to be delivered. */
  advance(id: string, position: number, sequences: readonly number[], now: number): void {
    this.#together(() => {
      const add = this.#database.prepare('INSERT OR IGNORE INTO deliveries VALUES (?, ?, 0, ?, 0)')
      for (const sequence of sequences) add.run(id, sequence, now)
      this.#database.prepare('UPDATE webhooks SET position = ? WHERE id = ?').run(position, id)
    })
  }

  /** It goes on behind that event, and forgets what was to be delivered of later ones. */
  dropBehind(id: string, sequence: number): void {
    this.#durably(() => {
      const drop = 'DELETE FROM deliveries WHERE webhook = ? AND sequence > ?'
      this.#database.prepare(drop).run(id, sequence)
      this.#database.prepare('UPDATE webhooks SET position = ? WHERE id = ?').run(sequence, id)
    })
  }

  /** What is due next, in order. */
  due(id: string, now: number, limit: number): Delivery[] {
    return this.#rows(
      'SELECT * FROM deliveries WHERE webhook = ? AND dead = 0 AND due_at <= ? ORDER BY due_at, sequence LIMIT ?',
      ...[id, now, limit],
    ).map(deliveryOf)
  }

  /** When something is due after now, ms since 1970; undefined: nothing is. */
  nextDue(id: string, now: number): number | undefined {
    const [row] = this.#rows(
      'SELECT min(due_at) AS at FROM deliveries WHERE webhook = ? AND dead = 0 AND due_at > ?',
      ...[id, now],
    )
    return row?.['at'] === null || row === undefined ? undefined : Number(row['at'])
  }

  countWaiting(id: string): number {
    return this.#count('SELECT count(*) AS n FROM deliveries WHERE webhook = ? AND dead = 0', id)
  }

  /** Sequence of the oldest event that waits for any webhook that is on. */
  oldestWaiting(): number | undefined {
    const [row] = this.#rows(
      'SELECT min((SELECT min(sequence) FROM deliveries WHERE webhook = id AND dead = 0)) AS oldest FROM webhooks WHERE active = 1',
    )
    const oldest = row?.['oldest'] ?? null
    return oldest === null ? undefined : Number(oldest)
  }

  countDead(id: string): number {
    return this.#count('SELECT count(*) AS n FROM deliveries WHERE webhook = ? AND dead = 1', id)
  }

  /** In order of sequence, behind one. */
  dead(id: string, after: number, limit: number): Delivery[] {
    return this.#rows(
      'SELECT * FROM deliveries WHERE webhook = ? AND dead = 1 AND sequence > ? ORDER BY sequence LIMIT ?',
      ...[id, after, limit],
    ).map(deliveryOf)
  }

  /** A try and what follows: done, again at a time, or dead. */
  settle(
    { webhook, sequence, tries }: Delivery,
    attempt: Attempt,
    next: { readonly dueAt: number } | 'done' | 'dead',
  ): void {
    this.#together(() => {
      this.#log(webhook, attempt)
      const where = 'WHERE webhook = ? AND sequence = ?'
      if (next === 'done') {
        this.#database.prepare(`DELETE FROM deliveries ${where}`).run(webhook, sequence)
        return
      }
      const isDead = next === 'dead'
      this.#database
        .prepare(`UPDATE deliveries SET tries = ?, due_at = ?, dead = ? ${where}`)
        .run(tries + 1, isDead ? 0 : next.dueAt, Number(isDead), webhook, sequence)
    })
  }

  note(webhook: string, attempt: Attempt): void {
    this.#together(() => this.#log(webhook, attempt))
  }

  /** Dead ones are tried again, as if they were new. @returns how many. */
  revive(id: string, now: number): number {
    const { changes } = this.#database
      .prepare(
        'UPDATE deliveries SET dead = 0, tries = 0, due_at = ? WHERE webhook = ? AND dead = 1',
      )
      .run(now, id)
    return Number(changes)
  }

  /** Newest first. */
  attempts(id: string, limit: number): Attempt[] {
    return this.#rows(
      'SELECT * FROM attempts WHERE webhook = ? ORDER BY number DESC LIMIT ?',
      ...[id, limit],
    ).map(attemptOf)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #log(webhook: string, { eventId, at, tookMs, status, detail }: Attempt): void {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO attempts VALUES (NULL, ?, ?, ?, ?, ?, ?)')
      .run(webhook, eventId, at, tookMs, status ?? null, detail)
    // Now and then is enough.
    if (Number(lastInsertRowid) % 100 !== 0) return
    this.#database
      .prepare(
        'DELETE FROM attempts WHERE webhook = ?1 AND number <= (SELECT number FROM attempts WHERE webhook = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)',
      )
      .run(webhook, WEBHOOK_ATTEMPTS_KEPT)
  }

  #rows(statement: string, ...values: readonly (string | number)[]): Row[] {
    return this.#database.prepare(statement).all(...values)
  }

  #count(statement: string, id: string): number {
    return Number(this.#rows(statement, id)[0]?.['n'])
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** Somebody is told that it is there, and shown a secret that is never shown again. */
  #durably(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = FULL')
    try {
      this.#together(work)
    } finally {
      this.#database.exec('PRAGMA synchronous = NORMAL')
    }
  }
}

const FILE_NAME = 'webhooks.sqlite'

function webhookOf(row: Row): WebhookRow {
  return {
    id: String(row['id']),
    url: String(row['url']),
    description: String(row['description']),
    wish: JSON.parse(String(row['wish'])) as WebhookWish,
    isActive: row['active'] === 1,
    reason: String(row['reason']),
    principal: String(row['principal']),
    secret: row['secret'] as Uint8Array,
    oldSecret: row['old_secret'] === null ? undefined : (row['old_secret'] as Uint8Array),
    oldUntil: Number(row['old_until']),
    createdAt: Number(row['created_at']),
    position: Number(row['position']),
  }
}

function deliveryOf(row: Row): Delivery {
  return {
    webhook: String(row['webhook']),
    sequence: Number(row['sequence']),
    tries: Number(row['tries']),
    dueAt: Number(row['due_at']),
  }
}

function attemptOf(row: Row): Attempt {
  return {
    eventId: String(row['event_id']),
    at: Number(row['at']),
    tookMs: Number(row['took_ms']),
    status: row['status'] === null ? undefined : Number(row['status']),
    detail: String(row['detail']),
  }
}
