/** The embedded server's password: made once, kept with the keys, outside of the data. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { DatabaseRefused } from '../errors.ts'

export interface PasswordPlace {
  /** The embedded server's. */
  readonly directory: string
  readonly passwordFile: string
}

/** @throws DatabaseRefused when the server's files are there and their password is not. */
export function serverPassword({ directory, passwordFile }: PasswordPlace): string {
  if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8').trim()
  if (existsSync(join(directory, 'cluster'))) {
    throw new DatabaseRefused(
      `${directory} was made with the password in ${passwordFile}, which is gone: put it back, or move ${directory} away.`,
    )
  }
  const password = randomBytes(24).toString('base64url')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  return password
}
