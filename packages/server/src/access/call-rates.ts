/**
 * How often a principal, and each of its keys, may ask: token buckets in memory, filled by a clock that only runs forward. They hold nothing that has to
 * last: after a restart everybody begins with a full one. The fields of answers are those of draft-ietf-httpapi-ratelimit-headers-10.
 */
import type { AccessReader, CallRate } from '@tallystick/access'

import { Refused } from '../http/refused.ts'
import { CALLERS_FOLLOWED_MIN } from '../limits.ts'
import type { Caller } from './caller.ts'

const SECOND_MS = 1_000

export interface CallRateDefaults {
  /** Calls a second of one principal. */
  readonly principal: number
  /** Of one key. */
  readonly key: number
}

/** What is left of a bucket after a call; less than 0: it was empty, and the call is refused. */
interface Level {
  readonly rate: CallRate
  readonly left: number
}

export class CallRates {
  readonly #access: AccessReader
  readonly #ofPrincipal: CallRate
  readonly #ofKey: CallRate
  readonly #now: () => number
  readonly #principals = new Buckets()
  readonly #keys = new Buckets()

  /** @param now ms of a clock that only runs forward. */
  constructor(
    access: AccessReader,
    defaults: CallRateDefaults,
    now: () => number = () => performance.now(),
  ) {
    this.#access = access
    this.#ofPrincipal = { perSecond: defaults.principal, burst: defaults.principal }
    this.#ofKey = { perSecond: defaults.key, burst: defaults.key }
    this.#now = now
  }

  /**
   * Counts a call of a key. The root key is not held to anything: it is gone once there are others.
   * @returns fields that tell how much is left, for whoever has a rate of his own.
   * @throws Refused 429
   */
  admit({ name, keyId, rights }: Caller): Readonly<Record<string, string>> | undefined {
    if (rights === undefined) return undefined
    const now = this.#now()
    const own = this.#access.principal(name)?.callRate
    const byKey = this.#keys.take(keyId, this.#ofKey, now)
    if (byKey.left < 0) throw tooOften('key', byKey)
    const byPrincipal = this.#principals.take(name, own ?? this.#ofPrincipal, now)
    if (byPrincipal.left < 0) throw tooOften('principal', byPrincipal)
    return own === undefined ? undefined : fieldsOf('principal', byPrincipal)
  }
}

interface Bucket {
  readonly rate: CallRate
  /** ms, when all that was taken has flowed in again. */
  fullAt: number
}

class Buckets {
  readonly #buckets = new Map<string, Bucket>()
  #followedMax = CALLERS_FOLLOWED_MIN

  take(name: string, rate: CallRate, now: number): Level {
    const perCall = SECOND_MS / rate.perSecond
    const bucket = this.#bucketOf(name, rate, now)
    const fullAt = Math.max(now, bucket.fullAt) + perCall
    const left = rate.burst - (fullAt - now) / perCall
    // A call that is refused takes nothing: whoever waits as long as he is told is let in.
    if (left < -NEARLY) return { rate, left }
    bucket.fullAt = fullAt
    return { rate, left: Math.max(0, left) }
  }

  #bucketOf(name: string, rate: CallRate, now: number): Bucket {
    const known = this.#buckets.get(name)
    // What was taken at another rate is no debt at this one.
    if (known?.rate.perSecond === rate.perSecond && known.rate.burst === rate.burst) return known
    if (this.#buckets.size >= this.#followedMax) this.#forgetFull(now)
    const bucket = { rate, fullAt: now }
    this.#buckets.set(name, bucket)
    return bucket
  }

  /** One that is full is like one that is not there. */
  #forgetFull(now: number): void {
    for (const [name, { fullAt }] of this.#buckets) if (fullAt <= now) this.#buckets.delete(name)
    this.#followedMax = Math.max(CALLERS_FOLLOWED_MIN, 2 * this.#buckets.size)
  }
}

/** Of a call: sums of fractions are not exact. */
const NEARLY = 1e-6

function tooOften(of: 'principal' | 'key', level: Level): Refused {
  const { perSecond } = level.rate
  const seconds = Math.max(1, Math.ceil(-level.left / perSecond))
  const detail = `This ${of} may ask ${perSecond} times a second; nothing was done.`
  const headers = { 'retry-after': String(seconds), ...fieldsOf(of, level) }
  return new Refused({ code: 'rate_limited', detail }, headers)
}

function fieldsOf(of: 'principal' | 'key', { rate, left }: Level): Record<string, string> {
  const { perSecond, burst } = rate
  const window = Math.max(1, Math.ceil(burst / perSecond))
  const missing = burst - Math.max(0, left)
  return {
    'ratelimit-policy': `"${of}";q=${burst};w=${window}`,
    ratelimit: `"${of}";r=${Math.floor(Math.max(0, left))};t=${Math.ceil(missing / perSecond)}`,
  }
}
