/** What can be wrong with a journal, one class for each thing that a caller may want to tell apart. */

/** Bytes that had been durable are not what was written. Nothing was changed on disk. */
export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt'
  readonly file: string
  readonly offset: number

  constructor(options: { file: string; offset: number; reason: string }) {
    super(`${options.file} is corrupt at offset ${options.offset}: ${options.reason}`)
    this.file = options.file
    this.offset = options.offset
  }
}

/** The files are whole but not for this program or this journal: unknown version, wrong id or shard, a segment missing. */
export class JournalRefused extends Error {
  override readonly name = 'JournalRefused'
  readonly file: string

  constructor(options: { file: string; reason: string }) {
    super(`${options.file}: ${options.reason}`)
    this.file = options.file
  }
}

/**
 * A write or sync failed in a way after which nobody can know what is on disk. The writer never
 * writes again; the process has to stop and recover.
 */
export class JournalFailed extends Error {
  override readonly name = 'JournalFailed'

  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options)
  }
}

/** Another process holds the directory. */
export class DirectoryLocked extends Error {
  override readonly name = 'DirectoryLocked'
  readonly directory: string

  constructor(directory: string, options?: { cause?: unknown }) {
    super(`${directory} is in use by another process; only one may write to it`, options)
    this.directory = directory
  }
}
