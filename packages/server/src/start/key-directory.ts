/** The keys directory: the root key and the secret that signs cursors. Made at first start, readable by the owner alone. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { base62 } from './base62.ts'
import { ROOT_KEY_BITS_MIN, ROOT_KEY_BYTES } from '../limits.ts'
import { StartRefused } from './setting.ts'

const ROOT_KEY_PREFIX = 'tk_root_'
const ROOT_KEY_NAME = 'root.key'
const CURSOR_SECRET_NAME = 'cursor.secret'
const CURSOR_SECRET_BYTES = 32

export interface Keys {
  readonly rootKey: string
  /** `made`: just now, to be shown once. `read`: from the file. `given`: by the environment. */
  readonly rootKeyFrom: 'made' | 'read' | 'given'
  /** Where the root key's file lies. */
  readonly rootKeyPath: string
  /** Signs cursors and marks sequence tokens. */
  readonly cursorSecret: Buffer
}

/** @throws StartRefused for a key that is too weak or a file that is not one. */
export function openKeys(directory: string, given: string | undefined): Keys {
  if (given !== undefined) assertStrong(given)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
  const rootKeyPath = join(directory, ROOT_KEY_NAME)
  const cursorSecret = openSecret(join(directory, CURSOR_SECRET_NAME))
  if (given !== undefined)
    return { rootKey: given, rootKeyFrom: 'given', rootKeyPath, cursorSecret }
  if (existsSync(rootKeyPath)) {
    const rootKey = readFileSync(rootKeyPath, 'utf8').trim()
    assertStrong(rootKey, rootKeyPath)
    return { rootKey, rootKeyFrom: 'read', rootKeyPath, cursorSecret }
  }
  const rootKey = ROOT_KEY_PREFIX + base62(randomBytes(ROOT_KEY_BYTES))
  writePrivate(rootKeyPath, `${rootKey}\n`)
  return { rootKey, rootKeyFrom: 'made', rootKeyPath, cursorSecret }
}

function openSecret(path: string): Buffer {
  if (!existsSync(path)) writePrivate(path, `${randomBytes(CURSOR_SECRET_BYTES).toString('hex')}\n`)
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
  if (secret.length === CURSOR_SECRET_BYTES) return secret
  throw new StartRefused(`${path} is not a secret of ours: remove it, and a new one is made.`)
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true })
  chmodSync(path, 0o600)
}

/** As far as a text shows it: enough characters of its alphabet, and not the same few again and again. */
function assertStrong(key: string, where = 'TALLY_ROOT_KEY'): void {
  const secret = key.slice(ROOT_KEY_PREFIX.length)
  if (!key.startsWith(ROOT_KEY_PREFIX) || !/^[A-Za-z0-9_-]+$/.test(secret)) {
    throw new StartRefused(
      `${where} must be ${ROOT_KEY_PREFIX} followed by letters, digits, _ or -. Make one with: printf '${ROOT_KEY_PREFIX}%s\\n' "$(openssl rand -hex 32)"`,
    )
  }
  const alphabet = /^[0-9a-f]+$/.test(secret) ? 16 : 62
  const bits = Math.floor(secret.length * Math.log2(alphabet))
  if (bits >= ROOT_KEY_BITS_MIN && new Set(secret).size >= 8) return
  throw new StartRefused(
    `${where} has less than ${ROOT_KEY_BITS_MIN} bits: use at least 22 random letters and digits, or 32 of hex, after ${ROOT_KEY_PREFIX}.`,
  )
}
