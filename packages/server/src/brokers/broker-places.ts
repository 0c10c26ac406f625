/** How far each broker has been told of the ledger: a SQLite file beside the journal, or in memory. What a kill leaves is never ahead of what arrived. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const FILE_NAME = 'brokers.sqlite'

export class BrokerPlaces {
  readonly #database: DatabaseSync

  /** @param data directory; undefined: in memory. */
  constructor(data: string | undefined) {
    if (data !== undefined) mkdirSync(data, { recursive: true })
    this.#database = new DatabaseSync(data === undefined ? ':memory:' : join(data, FILE_NAME))
    // A loss of power may take the newest places: then some events are told again.
    this.#database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS places (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT',
    )
  }

  /** Sequence of the last event that arrived; undefined: nothing is known of that name. */
  get(name: string): number | undefined {
    const row = this.#database.prepare('SELECT sequence FROM places WHERE name = ?').get(name)
    return row === undefined ? undefined : Number(row['sequence'])
  }

  save(name: string, sequence: number): void {
    this.#database.prepare('INSERT OR REPLACE INTO places VALUES (?, ?)').run(name, sequence)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}
