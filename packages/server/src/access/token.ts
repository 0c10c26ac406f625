/** A token of another issuer that was verified, and how the one it names is called here. */
import { hash } from 'node:crypto'

import { formatRequestId } from '@tallystick/contract'

export interface VerifiedToken {
  readonly issuer: string
  readonly subject: string
  /** ms since 1970, with the tolerance for clocks. */
  readonly expiresAtMs: number
}

const ID_BYTES = 16

/** Names an issuer's subject where a key has its id: short, and always the same. */
export function identityId(issuer: string, subject: string): string {
  const digest = hash('sha256', `${issuer} ${subject}`, 'buffer').subarray(0, ID_BYTES)
  return formatRequestId(digest).replace('req', 'oidc')
}
