/**
 * The public keys of one issuer: fetched when they are first needed, kept, and fetched anew when they are old or a token names one that is not among them. An
 * issuer that is away is asked less and less often; meanwhile its last keys count, for an hour.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

import {
  ISSUER_KEYS_FRESH_MS,
  ISSUER_KEYS_KEPT_MS,
  ISSUER_KEYS_MAX,
  ISSUER_KEYS_PAUSE_MS,
  ISSUER_RETRY_MS_MAX,
  ISSUER_RETRY_MS_MIN,
} from '../limits.ts'
import { fetchDocument, keysPlace } from './fetch-document.ts'

interface Fetched {
  readonly find: JWTVerifyGetKey
  /** ms of a clock that only runs forward. */
  readonly at: number
}

export class IssuerKeys {
  readonly #issuer: string
  readonly #onTrouble: (error: unknown) => void
  readonly #now: () => number
  #fetched: Fetched | undefined
  #fetching: Promise<void> | undefined
  #retryAt = 0
  #retryMs = ISSUER_RETRY_MS_MIN

  /** @param now ms of a clock that only runs forward. */
  constructor(
    issuer: string,
    onTrouble: (error: unknown) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#issuer = issuer
    this.#onTrouble = onTrouble
    this.#now = now
  }

  /** For `jwtVerify`: the key that the token's header names. @throws when there is none */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const age = this.#age()
    if (age > ISSUER_KEYS_FRESH_MS) {
      const refreshed = this.#refresh()
      // Old ones count as long as there is no answer; none at all cannot.
      if (age > ISSUER_KEYS_KEPT_MS) await refreshed
    }
    try {
      return await this.#known(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age() < ISSUER_KEYS_PAUSE_MS)
        throw error
      await this.#refresh()
      return this.#known(header, token)
    }
  }

  #age(): number {
    return this.#fetched === undefined ? Number.POSITIVE_INFINITY : this.#now() - this.#fetched.at
  }

  #known(...asked: Parameters<JWTVerifyGetKey>): ReturnType<JWTVerifyGetKey> {
    if (this.#fetched === undefined || this.#age() > ISSUER_KEYS_KEPT_MS) {
      throw new Error(`the keys of ${this.#issuer} are not known`)
    }
    return this.#fetched.find(...asked)
  }

  /** Those who ask at once share one. Never rejects. */
  #refresh(): Promise<void> {
    if (this.#fetching !== undefined) return this.#fetching
    if (this.#now() < this.#retryAt) return Promise.resolve()
    this.#fetching = this.#fetchNow()
    return this.#fetching
  }

  async #fetchNow(): Promise<void> {
    try {
      const find = await this.#fetch()
      this.#fetched = { find, at: this.#now() }
      this.#retryMs = ISSUER_RETRY_MS_MIN
    } catch (error) {
      this.#retryAt = this.#now() + this.#retryMs
      this.#retryMs = Math.min(2 * this.#retryMs, ISSUER_RETRY_MS_MAX)
      this.#onTrouble(error)
    } finally {
      this.#fetching = undefined
    }
  }

  async #fetch(): Promise<JWTVerifyGetKey> {
    const issuer = new URL(this.#issuer)
    const path = `${issuer.pathname.replace(/\/$/, '')}/.well-known/openid-configuration`
    const about = await fetchDocument({ url: new URL(path, issuer), mustBeOutside: false })
    if (about['issuer'] !== this.#issuer) {
      throw new Error(`${this.#issuer} says that it is ${JSON.stringify(about['issuer'])}`)
    }
    const { keys } = await fetchDocument(keysPlace(issuer, about['jwks_uri']))
    if (!Array.isArray(keys) || keys.length > ISSUER_KEYS_MAX) {
      throw new Error(`${this.#issuer} has no list of at most ${ISSUER_KEYS_MAX} keys`)
    }
    return createLocalJWKSet({ keys: keys as JSONWebKeySet['keys'] })
  }
}
