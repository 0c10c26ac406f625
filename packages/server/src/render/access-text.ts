/** Principals, keys, roles, grants, ceilings and identities as JSON text. */
import {
  type CeilingRecord,
  type GrantRecord,
  type IdentityRecord,
  type KeyRecord,
  type PrincipalRecord,
  resetOf,
} from '@tallystick/access'

import { identityId } from '../access/token.ts'

import type { Book } from './book.ts'
import { timeText } from './text.ts'

function timeOrNull(at: bigint | undefined): string {
  return at === undefined ? 'null' : timeText(at)
}

function textOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : `"${text}"`
}

export function principalText(record: PrincipalRecord): string {
  const { principal, kind, disabled, createdAt, callRate } = record
  const rate =
    callRate === undefined
      ? 'null'
      : `{"per_second":${callRate.perSecond},"burst":${callRate.burst}}`
  return `{"object":"principal","principal":"${principal}","kind":"${kind}","disabled":${disabled},"call_rate":${rate},"created_at":${timeText(createdAt)}}`
}

/** @param moment ns, to tell whether it has expired, and when it was used last as far as is known. */
export function keyText(
  key: KeyRecord,
  { now, lastUsed }: { readonly now: bigint; readonly lastUsed: bigint | undefined },
): string {
  const { expiresAt, revokedAt } = key
  const isExpired = expiresAt !== undefined && expiresAt <= now
  const status = revokedAt !== undefined ? 'revoked' : isExpired ? 'expired' : 'active'
  return `{"object":"key","id":"${key.key}","principal":"${key.principal}","prefix":"${key.prefix}","status":"${status}","ip_ranges":${JSON.stringify(key.ipRanges)},"created_at":${timeText(key.createdAt)},"expires_at":${timeOrNull(expiresAt)},"revoked_at":${timeOrNull(revokedAt)},"replaced_by":${textOrNull(key.replacedBy)},"last_used_at":${timeOrNull(lastUsed)}}`
}

export function roleText(role: string, scopes: readonly string[], isBuiltIn: boolean): string {
  return `{"object":"role","role":"${role}","scopes":${JSON.stringify(scopes)},"built_in":${isBuiltIn}}`
}

export function grantText(grant: GrantRecord): string {
  const { role, scopes, addresses, createdAt, revokedAt } = grant
  return `{"object":"grant","id":"${grant.grant}","principal":"${grant.principal}","role":${textOrNull(role)},"scopes":${JSON.stringify(scopes)},"addresses":${JSON.stringify(addresses)},"created_at":${timeText(createdAt)},"revoked_at":${timeOrNull(revokedAt)}}`
}

/** @param standing what is used of it at `now`, ns */
export function ceilingText(
  { assets }: Pick<Book, 'assets'>,
  ceiling: Omit<CeilingRecord, 'limit' | 'day' | 'used'>,
  { limit, used, now }: { readonly limit: bigint; readonly used: bigint; readonly now: bigint },
): string {
  const { measure, asset, addresses, createdAt, revokedAt } = ceiling
  const assetText = asset === undefined ? undefined : assets.text(asset)
  const available = used < limit ? limit - used : 0n
  return `{"object":"ceiling","id":"${ceiling.ceiling}","principal":"${ceiling.principal}","measure":"${measure}","asset":${textOrNull(assetText)},"limit":"${limit}","addresses":${JSON.stringify(addresses)},"used":"${used}","available":"${available}","resets_at":${timeOrNull(resetOf(measure, now))},"created_at":${timeText(createdAt)},"revoked_at":${timeOrNull(revokedAt)}}`
}

export function identityText({ issuer, subject, principal, boundAt }: IdentityRecord): string {
  const who = { object: 'identity', id: identityId(issuer, subject), issuer, subject, principal }
  return `${JSON.stringify(who).slice(0, -1)},"bound_at":${timeText(boundAt)}}`
}
