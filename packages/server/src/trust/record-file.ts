/**
 * A text that must not be forgotten, in a file: replaced as a whole, by compare-and-set across processes, and durable before
 * anyone is told. What a signer signed last is kept in it, and what a witness cosigned last.
 */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { DirectoryLock, DirectoryLocked, diskErrorCode } from '@tallystick/journal'
import type { TextStore } from '@tallystick/proof'

/** How long another process may hold the lock, ms; it holds it for a write and two syncs. */
const LOCK_WAIT_MS_MAX = 10_000
const LOCK_POLL_MS = 2

/** The last turn at the lock of each directory, so that those of one process wait for each other without asking the disk. */
const turns = new Map<string, Promise<unknown>>()

export class RecordFile implements TextStore {
  readonly #path: string
  readonly #directory: string
  /** A sync of the directory failed: what is durable is not known any more, and no later sync would tell. */
  #failure: unknown

  /** @param path in a directory that exists. A second file `PATH.next` and `lock.sqlite` may lie beside it. */
  constructor(path: string) {
    this.#path = path
    this.#directory = dirname(path)
  }

  async read(): Promise<string | undefined> {
    const text = await this.#text()
    // Someone may have died between renaming and syncing: what is acted upon must be as durable as what was written here.
    if (text !== undefined) await this.#syncDirectory()
    return text
  }

  replace(expected: string | undefined, next: string): Promise<boolean> {
    const before = turns.get(this.#directory) ?? Promise.resolve()
    const turn = before.then(() => this.#replaceLocked(expected, next))
    turns.set(
      this.#directory,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #replaceLocked(expected: string | undefined, next: string): Promise<boolean> {
    const lock = await lockOf(this.#directory)
    try {
      if ((await this.#text()) !== expected) return false
      await this.#write(next)
      return true
    } finally {
      lock.release()
    }
  }

  async #write(text: string): Promise<void> {
    const path = `${this.#path}.next`
    const file = await open(path, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(path, this.#path)
    await this.#syncDirectory()
  }

  async #text(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8')
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async #syncDirectory(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    try {
      const directory = await open(this.#directory, 'r')
      try {
        await directory.sync()
      } finally {
        await directory.close()
      }
    } catch (error) {
      this.#failure = error
      throw error
    }
  }
}

async function lockOf(directory: string): Promise<DirectoryLock> {
  const deadline = performance.now() + LOCK_WAIT_MS_MAX
  for (;;) {
    try {
      return new DirectoryLock(directory)
    } catch (error) {
      if (!(error instanceof DirectoryLocked) || performance.now() > deadline) throw error
      await sleep(LOCK_POLL_MS)
    }
  }
}
