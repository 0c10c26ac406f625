/** Backups in a directory: an object is a file, written beside its place and renamed. */
import type { Dirent } from 'node:fs'
import fs from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

import { StoreFailed } from './errors.ts'
import type { BackupStore, StoredObject } from './store.ts'

/** Whoever can read a backup can read every balance. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

const PART = '.part'

export class DirectoryStore implements BackupStore {
  readonly name: string

  constructor(path: string) {
    this.name = path
  }

  list(prefix: string): Promise<StoredObject[]> {
    return this.#attempt(async () => {
      const entries = await readEntries(join(this.name, prefix))
      const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(PART))
      return Promise.all(
        files.map(async (entry) => {
          const path = join(entry.parentPath, entry.name)
          const { size, mtimeMs } = await fs.stat(path)
          const name = relative(this.name, path).split(sep).join('/')
          return { name, bytes: size, writtenAt: mtimeMs }
        }),
      )
    })
  }

  read(name: string): Promise<Buffer | undefined> {
    return this.#attempt(async () => {
      try {
        return await fs.readFile(join(this.name, name))
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    })
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#attempt(async () => {
      const path = join(this.name, name)
      const made = await fs.mkdir(dirname(path), { recursive: true, mode: DIRECTORY_MODE })
      const file = await fs.open(`${path}${PART}`, 'w', FILE_MODE)
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await fs.rename(`${path}${PART}`, path)
      await syncNames(path, made)
    })
  }

  remove(name: string): Promise<void> {
    return this.#attempt(() => fs.rm(join(this.name, name), { force: true }))
  }

  close(): void {}

  async #attempt<Result>(use: () => Promise<Result>): Promise<Result> {
    try {
      return await use()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new StoreFailed(`${this.name}: ${message}`, { cause: error })
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

async function readEntries(directory: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(directory, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Makes the name of a file durable, and those of the directories that were made for it. */
async function syncNames(path: string, firstMade: string | undefined): Promise<void> {
  const top = firstMade === undefined ? dirname(path) : dirname(firstMade)
  for (let directory = dirname(path); directory.length >= top.length;) {
    const handle = await fs.open(directory, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    directory = dirname(directory)
    if (directory === dirname(directory)) return
  }
}
