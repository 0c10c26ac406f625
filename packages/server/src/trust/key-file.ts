/** Private keys of signed notes in files: made once, readable by their owner alone, and never made anew over an old one. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

import { diskErrorCode } from '@tallystick/journal'
import { SigningKey } from '@tallystick/proof'
import { MalformedKey, type SignatureType } from '@tallystick/verify'

import { StartRefused } from '../start/setting.ts'

/** What a key is for. */
export interface KeyPurpose {
  readonly name: string
  readonly type: SignatureType
}

/**
 * A directory for keys, and its parents, made for the owner alone when they are not there.
 * @throws StartRefused when others may write to it: they could put a key there.
 */
export function openKeyDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { mode } = statSync(path)
  if ((mode & 0o022) === 0) return
  throw new StartRefused(
    `Others can write to ${path}: run chmod 700 ${path}, and look what is there.`,
  )
}

/** @returns undefined when there is none. @throws StartRefused when it is no key, or others may read it. */
export function readKeyFile(path: string): SigningKey | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (!found.isFile()) throw new StartRefused(`${path} is not a file.`)
  if ((found.mode & 0o077) !== 0) {
    throw new StartRefused(
      `Others can read ${path}, a private key: run chmod 600 ${path}, or replace it if they may have.`,
    )
  }
  try {
    return SigningKey.parse(readFileSync(path, 'utf8').trim())
  } catch (error) {
    if (!(error instanceof MalformedKey)) throw error
    throw new StartRefused(`${path}: ${error.message}. Restore it from a backup.`, { cause: error })
  }
}

/**
 * Puts a key at `path`, durable when it returns.
 * @returns the key that lies there then: another process may have been faster, and a key is never replaced.
 * @throws StartRefused
 */
export function writeKeyFile(path: string, key: SigningKey): SigningKey {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  writeFileSync(draft, `${key.encode()}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (diskErrorCode(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncDirectory(dirname(path))
  const written = readKeyFile(path)
  if (written === undefined) throw new StartRefused(`${path} leads nowhere: remove it.`)
  return written
}

/** The key that lies there; a new one at the first start. @throws StartRefused also for a key of another name or kind. */
export function openKeyFile(path: string, purpose: KeyPurpose): SigningKey {
  const { name, type } = purpose
  const key = readKeyFile(path) ?? writeKeyFile(path, SigningKey.generate(name, type))
  if (key.verifierKey.name === name && key.verifierKey.type === type) return key
  throw new StartRefused(`${path} is not the key of ${name}, but ${key.vkey}.`)
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
