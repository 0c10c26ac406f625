/**
 * How far an import has come, beside where it runs: `--resume` goes on there. It is a shortcut and nothing more, since a row
 * that was imported before does nothing. It counts only for the same file, map and server.
 */
import { hash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { FileFacts } from './row-reader.ts'

export interface ImportProgress {
  /** Rows of the file that were answered, from the first. */
  readonly rows: number
  readonly created: number
  readonly existed: number
  readonly refused: number
}

export function importDigest(parts: {
  readonly path: string
  readonly facts: FileFacts
  readonly map: string
  readonly url: string
}): string {
  const { path, facts, map, url } = parts
  return hash('sha256', JSON.stringify([path, facts.bytes, facts.changedAt, map, url]))
}

export class ImportState {
  readonly #path: string
  readonly #digest: string

  constructor(path: string, digest: string) {
    this.#path = path
    this.#digest = digest
  }

  /** undefined: there is none, or it is of another import. */
  read(): ImportProgress | undefined {
    try {
      const saved: unknown = JSON.parse(readFileSync(this.#path, 'utf8'))
      return isSaved(saved) && saved.digest === this.#digest ? saved.progress : undefined
    } catch {
      return undefined
    }
  }

  /** Written beside and renamed, so that a kill leaves the one before. */
  write(progress: ImportProgress): void {
    const beside = `${this.#path}.part`
    writeFileSync(beside, JSON.stringify({ digest: this.#digest, progress }))
    renameSync(beside, this.#path)
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }
}

interface Saved {
  readonly digest: string
  readonly progress: ImportProgress
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== 'object' || value === null || !('digest' in value)) return false
  if (!('progress' in value) || typeof value.progress !== 'object') return false
  const { rows, created, existed, refused } = value.progress as Record<string, unknown>
  return [rows, created, existed, refused].every((count) => Number.isSafeInteger(count))
}
