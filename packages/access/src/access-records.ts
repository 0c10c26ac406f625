/** What the state machine remembers of each thing. Times are ns since 1970. */
import type { PrincipalKind } from './control-command.ts'

/** How often a principal may ask. */
export interface CallRate {
  readonly perSecond: number
  /** Calls that may come at once, after a rest. */
  readonly burst: number
}

export interface PrincipalRecord {
  readonly principal: string
  readonly kind: PrincipalKind
  readonly disabled: boolean
  readonly createdAt: bigint
  /** Left out: the server's own. */
  readonly callRate?: CallRate
}

export interface KeyRecord {
  readonly key: string
  readonly principal: string
  /** SHA-256 of the whole key, hex. */
  readonly hash: string
  readonly prefix: string
  readonly ipRanges: readonly string[]
  readonly createdAt: bigint
  readonly expiresAt: bigint | undefined
  readonly revokedAt: bigint | undefined
  /** The key that takes its place. */
  readonly replacedBy: string | undefined
}

export interface RoleRecord {
  readonly role: string
  readonly scopes: readonly string[]
}

export interface GrantRecord {
  readonly grant: string
  readonly principal: string
  readonly role: string | undefined
  readonly scopes: readonly string[]
  readonly addresses: readonly string[]
  readonly createdAt: bigint
  readonly revokedAt: bigint | undefined
}
