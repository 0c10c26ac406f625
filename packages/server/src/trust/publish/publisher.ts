/** Carries checkpoints to places outside, each at its own pace: what one of them takes long for, or fails with, holds up nobody. */
import { OUTSIDE_RETRY_MS_MAX, OUTSIDE_RETRY_MS_MIN } from '../../limits.ts'
import { errorFields, type Log } from '../../start/log.ts'
import type { Outgoing, Outside } from './outside.ts'

export interface PublisherOptions {
  readonly places: readonly Outside[]
  /** ms between two checkpoints to one place; the newest one is always carried in the end. */
  readonly everyMs: number
  readonly log: Log
}

/** For those who look after the server. */
export interface PublisherFigures {
  readonly places: number
  /** Whose last try failed. */
  readonly failing: number
  /** Events under the newest checkpoint that every place has; 0 before. */
  readonly size: number
}

interface Place {
  readonly outside: Outside
  /** Of the newest that it took. */
  size: number
  /** Tries that failed since. */
  failures: number
  /** ms since 1970: not before. */
  nextAt: number
  timer: NodeJS.Timeout | undefined
  isCarrying: boolean
}

export class Publisher {
  readonly #options: PublisherOptions
  readonly #places: readonly Place[]
  #newest: Outgoing | undefined
  #closed = false

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#places = options.places.map((outside) => ({
      ...{ outside, size: 0, failures: 0, nextAt: 0 },
      ...{ timer: undefined, isCarrying: false },
    }))
  }

  /** Of two that wait, the newer one is carried: it says all that the older one says. */
  offer(outgoing: Outgoing): void {
    this.#newest = outgoing
    for (const place of this.#places) this.#schedule(place)
  }

  figures(): PublisherFigures {
    const sizes = this.#places.map(({ size }) => size)
    return {
      places: sizes.length,
      failing: this.#places.filter(({ failures }) => failures > 0).length,
      size: sizes.length === 0 ? 0 : Math.min(...sizes),
    }
  }

  close(): void {
    this.#closed = true
    for (const { timer } of this.#places) clearTimeout(timer)
  }

  #schedule(place: Place): void {
    if (this.#closed || place.isCarrying || (this.#newest?.size ?? 0) <= place.size) return
    clearTimeout(place.timer)
    const wait = Math.max(0, place.nextAt - Date.now())
    place.timer = setTimeout(() => void this.#carry(place), wait).unref()
  }

  async #carry(place: Place): Promise<void> {
    const outgoing = this.#newest
    if (outgoing === undefined) return
    place.isCarrying = true
    const { log, everyMs } = this.#options
    try {
      await place.outside.put(outgoing)
      if (place.failures > 0) log.info('checkpoints are carried again', { to: place.outside.name })
      place.size = outgoing.size
      place.failures = 0
      place.nextAt = Date.now() + everyMs
    } catch (error) {
      // Once for each outage: it may last for days.
      if (place.failures === 0) {
        log.error('a checkpoint could not be carried outside', {
          ...errorFields(error),
          to: place.outside.name,
        })
      }
      const wait = OUTSIDE_RETRY_MS_MIN * 2 ** Math.min(place.failures, 20)
      place.failures++
      place.nextAt = Date.now() + Math.min(wait, OUTSIDE_RETRY_MS_MAX)
    }
    place.isCarrying = false
    this.#schedule(place)
  }
}
