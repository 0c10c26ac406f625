/** What can be wrong with a backup, one class for each thing that a caller may want to tell apart. */

/** It cannot be done with this destination or this directory, as the sentence says. Nothing was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

/** Bytes of a backup are not what was written. Nothing of it was used. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged'
  readonly object: string

  /** @param options where in the object, as near as is known: a byte, or a line from 1. */
  constructor(
    options: { object: string; reason: string } & ({ offset: number } | { line: number }),
  ) {
    const { object, reason } = options
    const place = 'line' in options ? `in line ${options.line}` : `at offset ${options.offset}`
    super(`${object} is damaged ${place}: ${reason}`)
    this.object = object
  }
}

/** The place where backups lie did not do what it was asked: no such place, no right, no answer, no space. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
}
