/** Who asks, and whether they may: the one function that every route goes through. Full access control takes its place. */
import { timingSafeEqual } from 'node:crypto'

import type { Route } from '@tallystick/contract'

import { Refused } from './refused.ts'

export interface Principal {
  /** Owner of keys and references. */
  readonly name: string
  /** Which of its keys was used; never the key itself. */
  readonly keyId: string
}

/** @throws Refused 401 or 403. */
export type Authorize = (authorization: string | undefined, route: Route) => Principal | undefined

const SCHEME = 'Bearer '
const ROOT: Principal = { name: 'root', keyId: 'root' }

/** Every right to whoever has the root key. */
export function rootKeyOnly(rootKey: string): Authorize {
  const expected = Buffer.from(SCHEME + rootKey)
  return (authorization, route) => {
    if (route.scope === null) return undefined
    const given = Buffer.from(authorization ?? '')
    // Of another length: compared with itself, so that it takes as long.
    const sameLength = given.length === expected.length
    const same = timingSafeEqual(sameLength ? given : expected, expected)
    if (same && sameLength) return ROOT
    // The scheme's name is not case-sensitive; whoever writes it otherwise takes the slower way.
    if (/^bearer /i.test(authorization ?? '') && !authorization?.startsWith(SCHEME)) {
      return rootKeyOnly(rootKey)(SCHEME + (authorization ?? '').slice(SCHEME.length), route)
    }
    throw unauthenticated()
  }
}

function unauthenticated(): Refused {
  const detail = 'Send Authorization: Bearer followed by a valid key.'
  const headers = { 'www-authenticate': 'Bearer realm="tallystick"' }
  return new Refused({ code: 'unauthenticated', detail }, headers)
}
