/**
 * The door that every request comes through: whose key it is, and whether it has the right that the route asks for. What the rights reach is looked at
 * where the addresses are known (`reach.ts`, `command-rights.ts`).
 */
import { hash, timingSafeEqual } from 'node:crypto'

import { type AccessReader, isInRanges, type KeyRecord, type Rights } from '@tallystick/access'
import type { Route, Scope } from '@tallystick/contract'

import { Refused } from '../http/refused.ts'
import type { Caller } from './caller.ts'

const SCHEME = 'Bearer '
const NS_PER_MS = 1_000_000n

export interface Knock {
  readonly authorization: string | undefined
  /** Address of the client; '' is in no range. */
  readonly from: string
  readonly nowMs: number
}

export class Door {
  readonly #access: AccessReader
  readonly #rootKey: Buffer
  /** ms since 1970, by the id of a key. */
  readonly #lastUsed = new Map<string, number>()

  constructor(access: AccessReader, rootKey: string) {
    this.#access = access
    this.#rootKey = Buffer.from(SCHEME + rootKey)
  }

  /** @returns undefined on routes that need no key. @throws Refused 401 or 403 */
  enter(knock: Knock, route: Route): Caller | undefined {
    if (route.scope === null) return undefined
    const authorization = canonicalScheme(knock.authorization ?? '')
    const caller = this.#rootCaller(authorization) ?? this.#keyCaller(authorization, knock)
    if (caller.rights !== undefined) assertScope(caller.rights, route)
    return caller
  }

  /** ns; undefined: not since this process was started. */
  lastUsed(keyId: string): bigint | undefined {
    const ms = this.#lastUsed.get(keyId)
    return ms === undefined ? undefined : BigInt(ms) * NS_PER_MS
  }

  /** The caller with the rights it has now; undefined: it may not come in any more. For requests that waited. */
  again(caller: Caller): Caller | undefined {
    const { version, hasAdministrator } = this.#access
    if (caller.version === version) return caller
    if (caller.rights === undefined) return hasAdministrator ? undefined : { ...caller, version }
    if (this.#access.key(caller.keyId)?.revokedAt !== undefined) return undefined
    return { ...caller, version, rights: this.#access.rightsOf(caller.name) }
  }

  #rootCaller(authorization: string): Caller | undefined {
    const given = Buffer.from(authorization)
    // Of another length: compared with itself, so that it takes as long.
    const sameLength = given.length === this.#rootKey.length
    const same = timingSafeEqual(sameLength ? given : this.#rootKey, this.#rootKey)
    // It makes the first administrator, and is nothing more from then on.
    if (!same || !sameLength || this.#access.hasAdministrator) return undefined
    return { name: 'root', keyId: 'root', rights: undefined, version: this.#access.version }
  }

  /** Found by its hash: what a caller can choose says nothing of what lies beside it. */
  #keyCaller(authorization: string, { from, nowMs }: Knock): Caller {
    const secret = authorization.startsWith(SCHEME) ? authorization.slice(SCHEME.length) : ''
    const key = this.#access.keyOfHash(hash('sha256', secret, 'hex'))
    if (key === undefined || !isUsable(key, { from, nowMs })) throw unauthenticated()
    if (this.#access.principal(key.principal)?.disabled !== false) throw unauthenticated()
    this.#lastUsed.set(key.key, nowMs)
    const rights = this.#access.rightsOf(key.principal)
    return { name: key.principal, keyId: key.key, rights, version: this.#access.version }
  }
}

/** The scheme's name is not case-sensitive. */
function canonicalScheme(authorization: string): string {
  if (authorization.startsWith(SCHEME) || !/^bearer /i.test(authorization)) return authorization
  return SCHEME + authorization.slice(SCHEME.length)
}

function isUsable(key: KeyRecord, { from, nowMs }: Pick<Knock, 'from' | 'nowMs'>): boolean {
  if (key.revokedAt !== undefined) return false
  if (key.expiresAt !== undefined && key.expiresAt <= BigInt(nowMs) * NS_PER_MS) return false
  return isInRanges(from, key.ipRanges)
}

/** @throws Refused 403 */
function assertScope(rights: Rights, { scope, reach }: Route): void {
  const scopes: readonly Scope[] = typeof scope === 'string' ? [scope] : (scope ?? [])
  const has = (name: Scope): boolean =>
    reach === 'everywhere' ? rights.hasEverywhere(name) : rights.has(name)
  if (scopes.length === 0 || scopes.some(has)) return
  const where = reach === 'everywhere' ? ' on all addresses' : ''
  throw forbidden(`This needs the right ${scopes.join(' or ')}${where}.`)
}

export function forbidden(detail: string): Refused {
  return new Refused({ code: 'forbidden', detail })
}

/** One body for whatever is wrong with a key. */
function unauthenticated(): Refused {
  const detail = 'Send Authorization: Bearer followed by a valid key.'
  const headers = { 'www-authenticate': 'Bearer realm="tallystick"' }
  return new Refused({ code: 'unauthenticated', detail }, headers)
}
