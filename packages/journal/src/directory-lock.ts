/**
 * One process per directory, by an exclusive transaction on a small SQLite file, held for life. The
 * system frees it when the process dies, also by kill -9, which a file with a process id does not do.
 *
 * POSIX drops such a lock as soon as the process closes *any* handle of the file: nobody else in the
 * process may open it, so a backup leaves `lock.sqlite` out.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { DirectoryLocked } from './errors.ts'

export const LOCK_NAME = 'lock.sqlite'

const SQLITE_BUSY = 5

export class DirectoryLock {
  readonly #database: DatabaseSync

  /** Takes the lock of an existing directory, or throws `DirectoryLocked` at once. */
  constructor(directory: string) {
    this.#database = new DatabaseSync(join(directory, LOCK_NAME), { timeout: 0 })
    try {
      this.#database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      this.#database.close()
      if (isBusy(error)) throw new DirectoryLocked(directory, { cause: error })
      throw error
    }
  }

  release(): void {
    if (!this.#database.isOpen) return
    this.#database.exec('ROLLBACK')
    this.#database.close()
  }
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  return typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY
}
