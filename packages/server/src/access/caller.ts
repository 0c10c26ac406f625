/** Who asks: whose key it is, and what its rights are at this moment. */
import type { Rights } from '@tallystick/access'

import type { VerifiedToken } from './token.ts'

export interface Caller {
  /** Owner of idempotency keys and references. */
  readonly name: string
  /** Which of its keys was used; never the key itself. */
  readonly keyId: string
  /** What it came with in the place of a key. */
  readonly token?: VerifiedToken
  /** On whose behalf: the rights are then those that both have. */
  readonly initiator?: string
  /** undefined: every right, as with the root key. */
  readonly rights: Rights | undefined
  /** `AccessState.version` at which the rights were looked up. */
  readonly version: number
}
