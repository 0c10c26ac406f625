/**
 * Tells one broker of the ledger's events, in their order. Its place moves only behind what the broker has confirmed and is on disk before that
 * is forgotten, so that a kill of either side repeats events and loses none. While the broker is away nothing is gathered: the log has it all.
 */
import { setTimeout as sleep } from 'node:timers/promises'

import type { BookEvent } from '../events/book-event.ts'
import type { EventFilter } from '../events/event-filter.ts'
import type { EventFeed, Follower } from '../events/event-feed.ts'
import {
  BROKER_BATCH_MAX,
  BROKER_CLOSE_MS_MAX,
  BROKER_CLOSE_POLL_MS,
  BROKER_RETRY_MS_MAX,
  BROKER_RETRY_MS_MIN,
  BROKER_SETTLE_MS,
  BROKER_UNCONFIRMED_MAX,
} from '../limits.ts'
import type { Broker, BrokerMessage, BrokerSession } from './broker.ts'
import type { BrokerPlaces } from './broker-places.ts'

export type BrokerStatus = 'connecting' | 'connected' | 'unreachable'

export interface PublisherParts {
  readonly feed: EventFeed
  readonly filter: EventFilter
  readonly places: BrokerPlaces
  /** Newest durable event of the ledger. */
  readonly durable: () => number
  /** For an operator. */
  readonly onNote: (level: 'info' | 'warn', note: string) => void
}

/** What was sent together and is not confirmed. */
interface Sent {
  /** Sequence of the last event before it that was looked at. */
  readonly before: number
  readonly count: number
  isConfirmed: boolean
}

export class BrokerPublisher implements Follower {
  readonly filter: EventFilter
  next: number
  readonly kind: string
  status: BrokerStatus = 'connecting'
  /** Since the start. */
  published = 0
  connections = 0
  losses = 0
  unconfirmed = 0
  readonly #broker: Broker
  readonly #parts: PublisherParts
  /** Nothing behind it is known to have arrived. On disk. */
  #place: number
  /** Up to where it was looked when what was taken began. */
  #before: number
  #taken: BrokerMessage[] = []
  #sent: Sent[] = []
  #session: BrokerSession | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #said = ''
  #hasEnded = false

  /** @param first place of a broker that nothing is known of: sequence of the last event that it is not told. */
  constructor(broker: Broker, parts: PublisherParts, first: number) {
    this.#broker = broker
    this.#parts = parts
    this.kind = broker.kind
    this.filter = parts.filter
    this.#place = placeOf(broker, parts, first)
    this.next = this.#place + 1
    this.#before = this.#place
    void this.#connect()
  }

  /** Durable events that it may not have been told of. */
  get lag(): number {
    return Math.max(0, this.#parts.durable() - this.#arrived)
  }

  wants(event: BookEvent): boolean {
    return this.filter.wants(event)
  }

  take(event: BookEvent): boolean {
    if (this.#taken.length === 0) this.#before = event.sequence - 1
    const { id, type, accounts, text, record } = event
    this.#taken.push({ id, type, accounts, text, time: record.timestamp })
    if (this.#taken.length >= BROKER_BATCH_MAX) this.#send()
    return this.unconfirmed + this.#taken.length < BROKER_UNCONFIRMED_MAX
  }

  flush(): boolean {
    this.#send()
    return this.#session !== undefined && this.unconfirmed < BROKER_UNCONFIRMED_MAX
  }

  end(failure: Error | undefined): void {
    if (failure !== undefined) this.#note('warn', `events stop: ${failure.message}`)
  }

  /** Waits a moment for what is on its way. */
  async close(): Promise<void> {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    this.#parts.feed.remove(this)
    const until = performance.now() + BROKER_CLOSE_MS_MAX
    while (this.unconfirmed > 0 && performance.now() < until) await sleep(BROKER_CLOSE_POLL_MS)
    const session = this.#session
    if (session === undefined) return
    await this.#settle(session)
    this.#session = undefined
    await session.close().catch(() => undefined)
  }

  /** All up to here is confirmed or was not wanted. */
  get #arrived(): number {
    if (this.#session === undefined) return this.#place
    const [oldest] = this.#sent
    if (oldest !== undefined) return oldest.before
    return this.#taken.length > 0 ? this.#before : this.next - 1
  }

  #send(): void {
    const messages = this.#taken
    const session = this.#session
    if (messages.length === 0 || session === undefined) return
    const sent = { before: this.#before, count: messages.length, isConfirmed: false }
    this.#taken = []
    this.#sent.push(sent)
    this.unconfirmed += sent.count
    session.send(messages).then(
      () => this.#confirmed(sent, session),
      (error: unknown) => this.#lost(session, asError(error)),
    )
  }

  #confirmed(sent: Sent, session: BrokerSession): void {
    if (session !== this.#session) return
    sent.isConfirmed = true
    this.unconfirmed -= sent.count
    this.published += sent.count
    while (this.#sent[0]?.isConfirmed === true) this.#sent.shift()
    if (this.unconfirmed <= BROKER_UNCONFIRMED_MAX / 2) this.#parts.feed.resume(this)
  }

  async #connect(): Promise<void> {
    try {
      const { promise: lost, resolve } = Promise.withResolvers<Error>()
      const session = await this.#broker.connect(resolve)
      if (this.#hasEnded) await session.close()
      else this.#begin(session)
      void lost.then((error) => this.#lost(session, error))
    } catch (error) {
      this.#failed(asError(error))
    }
  }

  #begin(session: BrokerSession): void {
    this.#session = session
    this.status = 'connected'
    this.connections++
    this.#failures = 0
    this.#said = ''
    this.#note('info', `connected; events go on behind ${this.#place}`)
    this.next = this.#place + 1
    this.#parts.feed.add(this)
    this.#later(() => this.#settle(session), BROKER_SETTLE_MS)
  }

  /** What the broker has confirmed may be forgotten, once it is sure that it had somewhere to go. */
  async #settle(session: BrokerSession): Promise<void> {
    try {
      const arrived = this.#arrived
      if (arrived > this.#place) {
        await session.settle()
        if (session !== this.#session) return
        this.#save(arrived)
      }
      this.#later(() => this.#settle(session), BROKER_SETTLE_MS)
    } catch (error) {
      this.#lost(session, asError(error))
    }
  }

  /** A disk that does not take it is asked again later; until then more would be told again after a kill. */
  #save(place: number): void {
    try {
      this.#parts.places.save(this.#broker.place, place)
      this.#place = place
    } catch (error) {
      this.#once(`its place cannot be written down: ${asError(error).message}`)
    }
  }

  #lost(session: BrokerSession, error: Error): void {
    if (session !== this.#session) return
    this.losses++
    this.#session = undefined
    this.#parts.feed.remove(this)
    this.#taken = []
    this.#sent = []
    this.unconfirmed = 0
    session.close().catch(() => undefined)
    this.#failed(error)
  }

  #failed(error: Error): void {
    if (this.#hasEnded) return
    this.status = 'unreachable'
    this.#once(`is away: ${error.message || error.name}`)
    const wait = Math.min(BROKER_RETRY_MS_MAX, BROKER_RETRY_MS_MIN * 2 ** this.#failures++)
    this.#later(() => this.#connect(), wait * (0.8 + Math.random() * 0.4))
  }

  #later(work: () => Promise<void>, ms: number): void {
    if (this.#hasEnded) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void work(), ms).unref()
  }

  /** It is tried for as long as it takes: each reason is said once. */
  #once(note: string): void {
    if (this.#said !== note) this.#note('warn', note)
    this.#said = note
  }

  #note(level: 'info' | 'warn', note: string): void {
    this.#parts.onNote(level, `${this.kind}: ${note}`)
  }
}

/** A book that lost its end begins again where it is: what it decides now is news. */
function placeOf(
  broker: Broker,
  { places, durable, onNote }: PublisherParts,
  first: number,
): number {
  const known = places.get(broker.place)
  const newest = durable()
  if (known !== undefined && known <= newest) return known
  if (known !== undefined) {
    onNote(
      'warn',
      `${broker.kind}: it was told of events up to ${known}, and the book ends at ${newest}: it goes on behind that`,
    )
  }
  const place = known === undefined ? first : newest
  places.save(broker.place, place)
  return place
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
