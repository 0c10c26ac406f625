/** API keys: `tk_live_` or `tk_test_` and 256 random bits. What is kept of one is its hash and how it begins. */
import { hash, randomBytes } from 'node:crypto'

import { base62 } from '../start/base62.ts'

const SECRET_BYTES = 32
const PREFIX_CHARACTERS = 6

export interface Secret {
  readonly secret: string
  readonly prefix: string
  /** SHA-256, hex. Of 256 random bits nothing can be guessed, so it need not be slow. */
  readonly hash: string
}

export function makeSecret(mode: 'live' | 'test'): Secret {
  const head = `tk_${mode}_`
  const secret = head + base62(randomBytes(SECRET_BYTES))
  const prefix = secret.slice(0, head.length + PREFIX_CHARACTERS)
  return { secret, prefix, hash: hash('sha256', secret, 'hex') }
}
