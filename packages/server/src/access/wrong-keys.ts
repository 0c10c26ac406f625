/**
 * Slows down whoever tries keys that are none, by address: a few are answered at once, further ones later and later, and then no more for a while. Only wrong
 * ones come here. A right key is let in from the same address at any time: 256 random bits are not guessed at any pace, and a lock that a stranger can put on an
 * address would be his way to keep out everybody behind it (docs/decisions/0027).
 */
import { Refused } from '../http/refused.ts'
import { WRONG_KEY_ADDRESSES_MAX, WRONG_KEYS_HELD_MAX } from '../limits.ts'

const MINUTE_MS = 60_000
/** ms that each answer is later than the one before. */
const STEP_MS = 100
/** Of those that are let through in a minute, the part that is answered at once: one in so many. */
const AT_ONCE = 4

interface Tries {
  count: number
  /** ms, when it is forgotten. */
  until: number
}

export class WrongKeys {
  readonly #perMinute: number
  readonly #tries = new Map<string, Tries>()
  #held = 0

  /** @param perMinute from one address; 0: any number. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Answers a request with a wrong key, now or later: by `answer` with the refusal that it gets. */
  turnAway(refusal: Refused, from: string, answer: (refusal: Refused) => void): void {
    const { perMinute, count, until } = { perMinute: this.#perMinute, ...this.#count(from) }
    const isTooMany = perMinute > 0 && (count > perMinute || this.#held >= WRONG_KEYS_HELD_MAX)
    if (isTooMany) return answer(tooMany(until - performance.now()))
    const late = perMinute === 0 ? 0 : count - Math.ceil(perMinute / AT_ONCE)
    if (late <= 0) return answer(refusal)
    this.#held++
    setTimeout(() => {
      this.#held--
      answer(refusal)
    }, late * STEP_MS)
  }

  #count(from: string): Tries {
    const now = performance.now()
    const network = networkOf(from)
    const known = this.#tries.get(network)
    if (known !== undefined && known.until > now) {
      // The one that is too many begins the time in which there are none: later ones do not make it longer.
      if (++known.count === this.#perMinute + 1) known.until = now + MINUTE_MS
      return known
    }
    this.#tries.delete(network)
    if (this.#tries.size >= WRONG_KEY_ADDRESSES_MAX) this.#forgetOldest()
    const tries = { count: 1, until: now + MINUTE_MS }
    this.#tries.set(network, tries)
    return tries
  }

  #forgetOldest(): void {
    const [oldest] = this.#tries.keys()
    if (oldest !== undefined) this.#tries.delete(oldest)
  }
}

function tooMany(ms: number): Refused {
  const detail = 'Too many wrong keys came from this address; a right one is let in.'
  const seconds = String(Math.max(1, Math.ceil(ms / 1_000)))
  return new Refused({ code: 'rate_limited', detail }, { 'retry-after': seconds })
}

/** One customer of an IPv6 network has at least a /64: all of it counts as one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = [], tail = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0')
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`
}
