/**
 * Files that are there whole or not at all: written in a directory of their own beside the place where they go, synced, and moved there at the end.
 * What is there already is never replaced, unless that was asked for.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CommandError, usageError } from '../failure.ts'
import { ExitCode } from '../exit-code.ts'

export interface WholeFilesOptions {
  /** Where the files go, absolute; all in one directory. */
  readonly paths: readonly string[]
  /** Replace what is there. */
  readonly force: boolean
}

export class WholeFiles {
  /** For whatever is needed on the way; gone in the end. */
  readonly directory: string
  readonly #paths: readonly string[]
  readonly #force: boolean

  /** @throws CommandError when one of them is there. */
  constructor({ paths, force }: WholeFilesOptions) {
    this.#paths = paths
    this.#force = force
    const [first = ''] = paths
    for (const path of paths) assertFree(path, force)
    mkdirSync(dirname(first), { recursive: true })
    this.directory = mkdtempSync(join(dirname(first), `.${basename(first)}-`))
  }

  /** Where the file is written until it is whole. */
  unfinished(path: string): string {
    return join(this.directory, basename(path))
  }

  /** Moves all of them to their places. @throws CommandError when something has come there meanwhile. */
  finish(): void {
    for (const path of this.#paths) sync(this.unfinished(path))
    for (const path of this.#paths) this.#move(this.unfinished(path), path)
    sync(dirname(this.directory))
  }

  /** Also of what is not finished. */
  clear(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  #move(from: string, to: string): void {
    if (this.#force) return renameSync(from, to)
    try {
      // A rename would replace what another has put there since it was looked at.
      linkSync(from, to)
    } catch (error) {
      if (existsSync(to)) throw isThere(to)
      if (!hasNoLinks(error)) throw error
      renameSync(from, to)
    }
  }
}

/** @throws CommandError */
function assertFree(path: string, force: boolean): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there === undefined) return
  // A directory, or a device like /dev/null: never replaced.
  if (!there.isFile()) throw usageError(`${path} is there and is no file.`)
  if (!force) throw isThere(path)
}

/** Of file systems like FAT. */
function hasNoLinks(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP'
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function isThere(path: string): CommandError {
  const message = `${path} is there already: --force replaces it.`
  return new CommandError(message, ExitCode.usage, 'exists')
}
