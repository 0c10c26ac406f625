/** What can be wrong with a backup, one class for each thing that a caller may want to tell apart. */

/** It cannot be done with this destination or this directory, as the sentence says. Nothing was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

/** Bytes of a backup are not what was written. Nothing of it was used. */
export class BackupDamaged extends Error {
  override readonly name = 'BackupDamaged'
  readonly object: string

  /** @param offset in the object, as near as is known. */
  constructor(options: { object: string; offset: number; reason: string }) {
    super(`${options.object} is damaged at offset ${options.offset}: ${options.reason}`)
    this.object = options.object
  }
}

/** The place where backups lie did not do what it was asked: no such place, no right, no answer, no space. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
}
