/**
 * The door that every request comes through: whose key it is, and whether it has the right that the route asks for. What the rights reach is looked at
 * where the addresses are known (`reach.ts`, `command-rights.ts`).
 */
import { hash, timingSafeEqual } from 'node:crypto'

import { type AccessReader, isInRanges, type KeyRecord, type Rights } from '@tallystick/access'
import type { Route, Scope } from '@tallystick/contract'

import { Refused } from '../http/refused.ts'
import type { Caller } from './caller.ts'
import type { Issuers } from './issuers.ts'
import type { LastUsed } from './last-used.ts'
import { identityId, type VerifiedToken } from './token.ts'

const ROOT = 'root'
const REPRESENT: Scope = 'principals:represent'
const INITIATOR = /^[a-z0-9][a-z0-9._@-]{0,63}$/

/** Rights stay the same objects until something changes, so what two come to together is made once. */
const sharedBy = new WeakMap<Rights, WeakMap<Rights, Rights>>()

function shared(source: Rights | undefined, initiator: Rights): Rights {
  if (source === undefined) return initiator
  const known = sharedBy.get(source) ?? new WeakMap<Rights, Rights>()
  sharedBy.set(source, known)
  const both = known.get(initiator) ?? source.sharedWith(initiator)
  known.set(initiator, both)
  return both
}

/** The name that a request gives, as far as it could be one. */
export function claimedInitiator(header: string | undefined): string | null {
  return header !== undefined && INITIATOR.test(header) ? header : null
}

const SCHEME = 'Bearer '
const NS_PER_MS = 1_000_000n

export interface Knock {
  readonly authorization: string | undefined
  /** Address of the client; '' is in no range. */
  readonly from: string
  readonly nowMs: number
}

interface DoorParts {
  readonly issuers: Issuers
  readonly lastUsed: LastUsed
}

export class Door {
  readonly #access: AccessReader
  readonly #rootKey: Buffer
  readonly #issuers: Issuers
  readonly lastUsed: LastUsed

  constructor(access: AccessReader, rootKey: string, parts: DoorParts) {
    this.#access = access
    this.#issuers = parts.issuers
    this.lastUsed = parts.lastUsed
    this.#rootKey = Buffer.from(SCHEME + rootKey)
  }

  /** What has to be waited for before `enter`: a token that nobody has verified yet. @throws Refused 503 */
  wait({ authorization, nowMs }: Knock, route: Route): Promise<void> | undefined {
    if (this.#issuers.isEmpty || route.scope === null) return undefined
    if (authorization === undefined) return undefined
    return this.#issuers.learn(secretOf(canonicalScheme(authorization)), nowMs)
  }

  /**
   * @param before who came in with the same request already: a token is not verified again as long as it lasts.
   * @returns undefined on routes that need no key. @throws Refused 401
   */
  enter(knock: Knock, route: Route, before?: Caller): Caller | undefined {
    if (route.scope === null) return undefined
    if (before?.token !== undefined && before.token.expiresAtMs > knock.nowMs) {
      return this.#tokenCaller(before.token)
    }
    const authorization = canonicalScheme(knock.authorization ?? '')
    const token = this.#issuers.isEmpty
      ? undefined
      : this.#issuers.known(secretOf(authorization), knock.nowMs)
    if (token !== undefined) return this.#tokenCaller(token)
    return this.#rootCaller(authorization) ?? this.#keyCaller(authorization, knock)
  }

  #tokenCaller(token: VerifiedToken): Caller {
    const { issuer, subject } = token
    const principal = this.#access.identities.find(issuer, subject)?.principal
    if (principal === undefined) throw unauthenticated()
    const keyId = identityId(issuer, subject)
    if (this.#access.principal(principal)?.disabled !== false) {
      throw unauthenticated({ principal, key: keyId })
    }
    const rights = this.#access.rightsOf(principal)
    return { name: principal, keyId, token, rights, version: this.#access.version }
  }

  /** The caller with the rights it has now; undefined: it may not come in any more. For requests that waited. */
  again(caller: Caller): Caller | undefined {
    const { version, hasAdministrator } = this.#access
    if (caller.version === version) return caller
    const { initiator: _before, ...asked } = caller
    const { name, keyId, initiator } = caller
    const isRoot = keyId === ROOT
    if (isRoot ? hasAdministrator : !this.#isStill(caller)) return undefined
    const rights = isRoot ? undefined : this.#access.rightsOf(name)
    const source = { ...asked, rights, version }
    return initiator === undefined ? source : this.#onBehalf(source, initiator)
  }

  /**
   * The caller with what both may do, when the request says on whose behalf it is.
   * @throws Refused 400; 403 without the right to, or for a principal that is not there or disabled, in the same words
   */
  represent(caller: Caller, initiator: string | undefined): Caller {
    if (initiator === undefined) return caller
    if (!INITIATOR.test(initiator)) {
      const detail = 'tally-initiator is the name of one principal.'
      throw new Refused({ code: 'invalid_header', param: 'tally-initiator', detail })
    }
    if (caller.rights?.has(REPRESENT) === false) {
      throw forbidden(`To act on behalf of another needs the right ${REPRESENT}.`)
    }
    const both = this.#onBehalf(caller, initiator)
    if (both === undefined) throw forbidden('There is nobody of that name to act on behalf of.')
    return both
  }

  /** Whether its key is not revoked, or its identity still bound to it. */
  #isStill({ name, keyId, token }: Caller): boolean {
    if (token === undefined) return this.#access.key(keyId)?.revokedAt === undefined
    return this.#access.identities.find(token.issuer, token.subject)?.principal === name
  }

  #onBehalf(source: Caller, initiator: string): Caller | undefined {
    if (source.rights?.has(REPRESENT) === false) return undefined
    if (this.#access.principal(initiator)?.disabled !== false) return undefined
    const rights = shared(source.rights, this.#access.rightsOf(initiator))
    return { ...source, initiator, rights }
  }

  #rootCaller(authorization: string): Caller | undefined {
    const given = Buffer.from(authorization)
    // Of another length: compared with itself, so that it takes as long.
    const sameLength = given.length === this.#rootKey.length
    const same = timingSafeEqual(sameLength ? given : this.#rootKey, this.#rootKey)
    // It makes the first administrator, and is nothing more from then on.
    if (!same || !sameLength || this.#access.hasAdministrator) return undefined
    return { name: ROOT, keyId: ROOT, rights: undefined, version: this.#access.version }
  }

  /** Found by its hash: what a caller can choose says nothing of what lies beside it. */
  #keyCaller(authorization: string, { from, nowMs }: Knock): Caller {
    const secret = secretOf(authorization)
    const key = this.#access.keyOfHash(hash('sha256', secret, 'hex'))
    if (key === undefined) throw unauthenticated()
    const isEnabled = this.#access.principal(key.principal)?.disabled === false
    if (!isEnabled || !isUsable(key, { from, nowMs })) throw unauthenticated(key)
    this.lastUsed.note(key.key, nowMs)
    const rights = this.#access.rightsOf(key.principal)
    return { name: key.principal, keyId: key.key, rights, version: this.#access.version }
  }
}

function secretOf(authorization: string): string {
  return authorization.startsWith(SCHEME) ? authorization.slice(SCHEME.length) : ''
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
export function assertScope({ rights }: Caller, { scope, reach }: Route): void {
  if (rights === undefined) return
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

/** One body for whatever is wrong with a key. @param key whose it is, when it was one: for the audit alone. */
function unauthenticated(key?: Pick<KeyRecord, 'principal' | 'key'>): Refused {
  const detail = 'Send Authorization: Bearer followed by a valid key.'
  const headers = { 'www-authenticate': 'Bearer realm="tallystick"' }
  const refused = new Refused({ code: 'unauthenticated', detail }, headers)
  if (key !== undefined) refused.tried = { principal: key.principal, keyId: key.key }
  return refused
}
