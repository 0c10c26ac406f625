/**
 * Makes a data directory from a dump. Everything is decided again, in the same groups and at the same times, and each line is written
 * again and compared with the one that was read: what is installed is what was dumped.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

import { BackupDamaged } from '../errors.ts'
import { Malformed } from '../fields.ts'
import { installProved } from '../install.ts'
import { compressionOf } from './compression.ts'
import type { DumpEnd } from './lines.ts'
import { LoadedBook } from './loaded-book.ts'
import { numberedLines } from './numbered-lines.ts'

export interface LoadOptions {
  readonly path: string
  /** Empty, or not there yet. */
  readonly directory: string
  /** Decide and compare everything, and install nothing. */
  readonly dryRun?: boolean
  /** Compressed bytes. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Events between two moments at which others may run. */
const PROGRESS_EVERY = 4_096

/** Needs the memory that the ledger does. @throws BackupDamaged with the line; BackupRefused, DirectoryLocked; what the disk throws. */
export async function load(options: LoadOptions): Promise<DumpEnd> {
  const { path, directory, dryRun = false } = options
  const compression = compressionOf(path)
  const total = (await stat(path)).size
  return installProved({ directory, dryRun }, async ({ disk, staging }) => {
    const book = new LoadedBook({ disk, directory: staging })
    const file = createReadStream(path)
    const transform = compression.decompress()
    try {
      const bytes = transform === undefined ? file : file.pipe(transform)
      // A pipe does not carry failures.
      file.once('error', (error) => transform?.destroy(error))
      for await (const { number, text, isLast } of numberedLines(bytes)) {
        told(path, book, () => book.line(text, isLast))
        if (number % PROGRESS_EVERY === 0) options.onProgress?.(file.bytesRead, total)
      }
      return told(path, book, () => book.finish())
    } catch (error) {
      throw isBadSource(error) ? damagedAt(path, book.lines + 1, error) : error
    } finally {
      file.destroy()
      await book.close()
    }
  })
}

/** Names the line at which something was wrong. */
function told<Result>(path: string, book: LoadedBook, use: () => Result): Result {
  try {
    return use()
  } catch (error) {
    const { name } = error as Error
    const isOfTheLine = ['Malformed', 'EngineError', 'MalformedCommand', 'AssertionError']
    throw isOfTheLine.includes(name) ? damagedAt(path, book.lines, error) : error
  }
}

function damagedAt(path: string, line: number, error: unknown): BackupDamaged {
  const reason = error instanceof Error ? error.message : String(error)
  return new BackupDamaged({ object: path, line, reason })
}

/** Compressed bytes that are none, or lines that are none. */
function isBadSource(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return error instanceof Malformed || /^(?:Z_|ZSTD_)/.test(code)
}
