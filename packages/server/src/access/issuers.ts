/**
 * Tokens of configured OIDC issuers, which say who somebody is and never what he may do. What is checked is pinned here and not read from the token: issuer,
 * audience, algorithms with a public key, times. A token that was verified is remembered for a while, so that a request with it waits for nothing.
 */
import { hash } from 'node:crypto'

import { decodeJwt, jwtVerify } from 'jose'

import {
  TOKEN_CLOCK_SECONDS,
  TOKENS_KEPT_MAX,
  TOKENS_KEPT_MS,
  TOKENS_VERIFIED_AT_ONCE,
} from '../limits.ts'
import { Refused } from '../http/refused.ts'
import { IssuerKeys } from './issuer-keys.ts'
import type { VerifiedToken } from './token.ts'

/** Only those whose keys are public: neither `none` nor one with a shared secret, for which a public key could be taken. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const SUBJECT = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,255}$/
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]*$/

export interface IssuerSetting {
  /** Exactly as its tokens have it in `iss`. */
  readonly issuer: string
  /** What its tokens for this server have in `aud`. */
  readonly audience: string
}

interface Kept {
  readonly token: VerifiedToken
  /** ms since 1970 */
  readonly until: number
}

export class Issuers {
  readonly #issuers = new Map<string, { readonly audience: string; readonly keys: IssuerKeys }>()
  /** By the token's hash: what lies here is not a secret. */
  readonly #kept = new Map<string, Kept>()
  #verifying = 0

  constructor(settings: readonly IssuerSetting[], onTrouble: (error: unknown) => void) {
    for (const { issuer, audience } of settings) {
      this.#issuers.set(issuer, { audience, keys: new IssuerKeys(issuer, onTrouble) })
    }
  }

  /** Whether no token counts. */
  get isEmpty(): boolean {
    return this.#issuers.size === 0
  }

  /** A token that was verified and still counts. */
  known(token: string, nowMs: number): VerifiedToken | undefined {
    const kept = this.#kept.get(nameOf(token))
    return kept !== undefined && kept.until > nowMs ? kept.token : undefined
  }

  /**
   * Verifies what looks like a token and is not known; afterwards `known` has it, if it is good. undefined: there is nothing to wait for.
   * @throws Refused 503 when too many are verified already
   */
  learn(token: string, nowMs: number): Promise<void> | undefined {
    if (!TOKEN.test(token)) return undefined
    if (this.known(token, nowMs) !== undefined) return undefined
    if (this.#verifying >= TOKENS_VERIFIED_AT_ONCE) {
      throw new Refused({ code: 'overloaded', detail: 'Too many tokens wait to be verified.' })
    }
    return this.#learn(token)
  }

  async #learn(token: string): Promise<void> {
    this.#verifying++
    const verified = await this.#verify(token)
    this.#verifying--
    if (verified !== undefined) this.#keep(token, verified)
  }

  /** undefined: whatever is wrong with it. */
  async #verify(token: string): Promise<VerifiedToken | undefined> {
    try {
      const { iss = '' } = decodeJwt(token)
      const issuer = this.#issuers.get(iss)
      if (issuer === undefined) return undefined
      const { payload } = await jwtVerify(token, issuer.keys.find, {
        ...{ issuer: iss, audience: issuer.audience, algorithms: ALGORITHMS },
        ...{ clockTolerance: TOKEN_CLOCK_SECONDS, requiredClaims: ['sub', 'exp'] },
      })
      const { sub = '', exp = 0 } = payload
      if (!SUBJECT.test(sub)) return undefined
      return { issuer: iss, subject: sub, expiresAtMs: (exp + TOKEN_CLOCK_SECONDS) * 1_000 }
    } catch {
      return undefined
    }
  }

  #keep(token: string, verified: VerifiedToken): void {
    if (this.#kept.size >= TOKENS_KEPT_MAX) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    const until = Math.min(Date.now() + TOKENS_KEPT_MS, verified.expiresAtMs)
    this.#kept.delete(nameOf(token))
    this.#kept.set(nameOf(token), { token: verified, until })
  }
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64')
}
