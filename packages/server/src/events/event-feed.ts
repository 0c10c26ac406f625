/**
 * Tells followers of the book what was decided, each in the order of the ledger. Those who keep up share one reading; whoever cannot take
 * more is left at its place, holds nobody up, and later reads on from the book by itself. It works in slices beside the ledger and steps back
 * while that is busy; without followers it does nothing.
 */
import type { LedgerReader, TallyLedger } from '@tallystick/engine'

import {
  EVENT_FOLLOWERS_MAX,
  EVENT_GATHER_MS,
  EVENT_SLICE_MS,
  EVENTS_BETWEEN_LOOKS,
} from '../limits.ts'
import type { BookEvent } from './book-event.ts'
import type { EventFilter } from './event-filter.ts'

export interface Follower {
  readonly filter: EventFilter
  /** Sequence of the next event that it has not looked at. Moved on by the feed. */
  next: number
  /** Whether it is to be given this one. */
  wants(event: BookEvent): boolean
  /** Takes an event, readable until it returns; false: no more for the moment. */
  take(event: BookEvent): boolean
  /** The end of a slice, after which what was taken can go out; false: not before `resume`. */
  flush(): boolean
  /** The feed ended: nothing comes any more. */
  end(failure: Error | undefined): void
}

type Place = 'live' | 'behind' | 'paused'

export class EventFeed {
  readonly #ledger: TallyLedger
  readonly #event: BookEvent
  readonly #places = new Map<Follower, Place>()
  /** Those at the end of the book who want any account, and the others by what they want. */
  readonly #live = new Set<Follower>()
  readonly #liveByAccount = new Map<string, Set<Follower>>()
  readonly #behind = new Set<Follower>()
  /** Sequence of the next event for those at the end. */
  #next = 1
  #timer: NodeJS.Timeout | undefined
  /** Newest event at the last slice: while there are new ones, the ledger gets as much time as this. */
  #seen = 0
  #isWaiting = false
  #hasEnded = false
  /** Events given to followers since the start. */
  given = 0

  constructor(ledger: TallyLedger, event: BookEvent) {
    this.#ledger = ledger
    this.#event = event
  }

  get source(): string {
    return this.#event.source
  }

  /** Reads one event again, readable until `use` returns. */
  reread<Result>(sequence: number, use: (event: BookEvent) => Result): Result {
    for (const event of this.#event.events(this.#ledger.reader.frame(sequence), sequence)) {
      if (event.sequence === sequence) return use(event)
      break
    }
    throw new Error(`event ${sequence} is none that anybody is told of`)
  }

  get followers(): number {
    return this.#places.size
  }

  /** Followers that did not take more. */
  get paused(): number {
    let count = 0
    for (const place of this.#places.values()) if (place === 'paused') count++
    return count
  }

  /** Durable events that those at the end were not told yet. */
  get lag(): number {
    return this.#hasLive ? Math.max(0, this.#ledger.durableSequence + 1 - this.#next) : 0
  }

  get isFull(): boolean {
    return this.#places.size >= EVENT_FOLLOWERS_MAX
  }

  add(follower: Follower): void {
    if (this.#hasEnded) return follower.end(undefined)
    this.#arrive(follower)
    this.#soon(0)
  }

  remove(follower: Follower): void {
    this.#leave(follower)
    this.#places.delete(follower)
  }

  /** There is room again. */
  resume(follower: Follower): void {
    if (this.#places.get(follower) !== 'paused') return
    this.#arrive(follower)
    this.#soon(0)
  }

  /** Ends all followers. */
  close(failure?: Error): void {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    const all = [...this.#places.keys()]
    this.#places.clear()
    this.#live.clear()
    this.#liveByAccount.clear()
    this.#behind.clear()
    for (const follower of all) follower.end(failure)
  }

  get #hasLive(): boolean {
    return this.#live.size > 0 || this.#liveByAccount.size > 0
  }

  #arrive(follower: Follower): void {
    if (!this.#hasLive) this.#next = Math.max(follower.next, this.#ledger.durableSequence + 1)
    const isLive = follower.next >= this.#next
    this.#places.set(follower, isLive ? 'live' : 'behind')
    if (!isLive) {
      this.#behind.add(follower)
      return
    }
    const { accounts } = follower.filter
    if (accounts === undefined) this.#live.add(follower)
    for (const address of accounts ?? []) {
      const those = this.#liveByAccount.get(address) ?? new Set()
      this.#liveByAccount.set(address, those.add(follower))
    }
  }

  #leave(follower: Follower): void {
    this.#behind.delete(follower)
    this.#live.delete(follower)
    for (const address of follower.filter.accounts ?? []) {
      const those = this.#liveByAccount.get(address)
      those?.delete(follower)
      if (those?.size === 0) this.#liveByAccount.delete(address)
    }
  }

  #soon(ms: number): void {
    if (this.#hasEnded) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#turn(), ms)
  }

  #turn(): void {
    this.#timer = undefined
    const began = performance.now()
    try {
      this.#serveLive(began + EVENT_SLICE_MS)
      this.#serveBehind(performance.now() + EVENT_SLICE_MS)
    } catch (error) {
      return this.close(asError(error))
    }
    const isBusy = this.#ledger.lastSequence !== this.#seen
    this.#seen = this.#ledger.lastSequence
    const rest = isBusy ? performance.now() - began : 0
    if (this.lag > 0 || this.#behind.size > 0) this.#soon(rest)
    else this.#wait()
  }

  #serveLive(until: number): void {
    if (!this.#hasLive) return
    const touched = new Set<Follower>()
    const reader = this.#ledger.reader
    while (this.#next <= this.#ledger.durableSequence) {
      this.#next = read(reader, this.#event, { from: this.#next, until }, (event) => {
        this.#tellLive(event, touched)
        return this.#hasLive
      })
      if (performance.now() >= until || !this.#hasLive) break
    }
    for (const follower of touched) this.#flush(follower)
    for (const [follower, place] of this.#places) {
      if (place === 'live') follower.next = Math.max(follower.next, this.#next)
    }
  }

  #tellLive(event: BookEvent, touched: Set<Follower>): void {
    for (const follower of this.#live) this.#tell(follower, event, touched)
    if (this.#liveByAccount.size === 0) return
    for (const address of event.accounts) {
      for (const follower of this.#liveByAccount.get(address) ?? []) {
        this.#tell(follower, event, touched)
      }
    }
  }

  #tell(follower: Follower, event: BookEvent, touched: Set<Follower>): void {
    // Whoever wants both accounts of a transfer is found twice.
    if (event.sequence < follower.next || !follower.wants(event)) return
    follower.next = event.sequence + 1
    touched.add(follower)
    this.given++
    if (follower.take(event)) return
    this.#leave(follower)
    this.#places.set(follower, 'paused')
  }

  #serveBehind(until: number): void {
    for (const follower of this.#behind) {
      this.#behind.delete(follower)
      try {
        this.#readAlone(follower, until)
      } catch (error) {
        // What it wants cannot be read; others are elsewhere in the book.
        this.#places.delete(follower)
        follower.end(asError(error))
      }
      if (performance.now() >= until) return
    }
  }

  #readAlone(follower: Follower, until: number): void {
    const { reader } = this.#ledger
    let hasRoom: boolean
    do {
      hasRoom = true
      const from = follower.next
      if (from > this.#ledger.durableSequence) break
      follower.next = read(reader, this.#event, { from, until }, (event) => {
        if (!follower.wants(event)) return true
        this.given++
        hasRoom = follower.take(event)
        return hasRoom
      })
    } while (hasRoom && performance.now() < until)
    this.#places.set(follower, 'paused')
    this.#flush(follower)
  }

  /** Sends on what a follower took; whoever has room goes on. */
  #flush(follower: Follower): void {
    const place = this.#places.get(follower)
    if (place === undefined) return
    if (follower.flush()) {
      if (place === 'paused' && this.#places.has(follower)) this.#arrive(follower)
      return
    }
    if (place === 'live') follower.next = Math.max(follower.next, this.#next)
    this.#leave(follower)
    if (this.#places.has(follower)) this.#places.set(follower, 'paused')
  }

  /** For the next event that is durable, and those that follow at once. */
  #wait(): void {
    if (this.#isWaiting || !this.#hasLive) return
    this.#isWaiting = true
    const stop = (error: unknown): void => {
      if (!this.#hasEnded) this.close(asError(error))
    }
    this.#ledger
      .whenDurable(this.#ledger.durableSequence + 1)
      .finally(() => (this.#isWaiting = false))
      .then(() => this.#soon(EVENT_GATHER_MS))
      .catch(stop)
  }
}

/**
 * Gives events of the frame that holds `from`, until the time is over or `tell` has enough.
 * @returns the sequence to go on with.
 */
// oxlint-disable-next-line max-params -- the callback stays last
function read(
  reader: LedgerReader,
  view: BookEvent,
  { from, until }: { readonly from: number; readonly until: number },
  tell: (event: BookEvent) => boolean,
): number {
  const body = reader.frame(from)
  let looked = 0
  for (const event of view.events(body, from)) {
    const { sequence } = event
    if (!tell(event)) return sequence + 1
    if (++looked % EVENTS_BETWEEN_LOOKS === 0 && performance.now() >= until) return sequence + 1
  }
  return body.lastSequence + 1
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
