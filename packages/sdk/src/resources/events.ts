/** The stream of events: an iterator without an end, which connects again by itself and misses nothing. */
import { serverSentEvents } from '../event-stream.ts'
import { NoAnswer, ProblemError, TallystickError } from '../errors.ts'
import { isRetryable, sleep, waitMs } from '../retry.ts'
import type { EventType, LedgerEvent } from '../shapes/event.ts'
import type { Address, AssetText } from '../shapes/values.ts'
import { fromWire } from '../wire.ts'
import { Resource } from './resource.ts'

/** Which events, and from where on. */
export interface EventQuery {
  /** Begin behind the event with this id; `'0'`: with the first one of the ledger. Default: with what comes from now on. */
  readonly after?: string
  /** Types, or `hold.*`, `*`. Default: all but `command.refused`. */
  readonly type?: EventType | (string & {}) | readonly (EventType | (string & {}))[]
  /** Events of these accounts, on whichever side. */
  readonly account?: Address | readonly Address[]
  readonly prefix?: string
  readonly asset?: AssetText
  readonly reference?: string
}

export interface FollowOptions {
  /** Ends it: the iterator then throws the signal's reason. */
  readonly signal?: AbortSignal
  /** Told of every break that it mends by itself. */
  readonly onBreak?: (error: TallystickError) => void
}

/** The server says something at least every 15 seconds; after this long without a word the connection is dead, ms. */
const SILENCE_MS_MAX = 40_000

export class Events extends Resource {
  /**
   * Events in the order of the ledger. Whoever keeps the `id` of the last one that was dealt with, and gives it as `after`, gets what comes
   * behind it, after a break of whatever length; within one iterator that happens by itself.
   * @throws ProblemError for what no further try mends, and the signal's reason
   * @example
   * for await (const event of tally.events.follow({ type: 'transfer.posted', after: saved })) {
   *   await deal(event.data.amount)
   *   saved = event.id
   * }
   */
  async *follow(
    query: EventQuery = {},
    options: FollowOptions = {},
  ): AsyncGenerator<LedgerEvent, void, undefined> {
    const place: Place = { id: undefined }
    const whole = options.signal ?? new AbortController().signal
    for (let tries = 1; ; tries++) {
      try {
        for await (const event of this.#connection(query, place, whole)) {
          tries = 0
          yield event
        }
        throw new NoAnswer('the stream of events ended', undefined, undefined)
      } catch (error) {
        if (whole.aborted) throw whole.reason
        if (!(error instanceof TallystickError) || !mayMend(error)) throw error
        options.onBreak?.(error)
        const after = error instanceof ProblemError ? error.retryAfterMs : undefined
        await sleep(waitMs(Math.max(1, tries), after, Math.random()), whole)
      }
    }
  }

  async *#connection(
    query: EventQuery,
    place: Place,
    whole: AbortSignal,
  ): AsyncGenerator<LedgerEvent, void, undefined> {
    const own = new AbortController()
    const signal = AbortSignal.any([whole, own.signal])
    const call = {
      ...({ method: 'GET', path: '/v1/events', options: {} } as const),
      ...{ query: wireQuery(query), lastEventId: place.id },
    }
    const body = await this.transport.stream(call, 'text/event-stream', signal)
    let watch = setTimeout(() => own.abort(), SILENCE_MS_MAX)
    try {
      for await (const { name, id, data } of serverSentEvents(body)) {
        clearTimeout(watch)
        if (name === 'closed') throw new NoAnswer(closedBecause(data), undefined, undefined)
        if (data !== '') yield fromWire(JSON.parse(data)) as LedgerEvent
        // Only behind the yield: what was not dealt with comes again.
        place.id = id ?? place.id
        watch = setTimeout(() => own.abort(), SILENCE_MS_MAX)
      }
    } catch (error) {
      if (whole.aborted || error instanceof TallystickError) throw error
      throw new NoAnswer('the stream of events broke', undefined, error)
    } finally {
      clearTimeout(watch)
      own.abort()
    }
  }
}

interface Place {
  /** Of the newest event that was taken, or how far the server said that the stream has come. */
  id: string | undefined
}

function mayMend(error: TallystickError): boolean {
  return !(error instanceof ProblemError) || isRetryable(error.status)
}

function closedBecause(data: string): string {
  return `the server closed the stream: ${data}`
}

function wireQuery({ type, account, ...rest }: EventQuery): object {
  return {
    ...rest,
    ...(type === undefined ? {} : { type: [type].flat().join(',') }),
    ...(account === undefined ? {} : { account: [account].flat().join(',') }),
  }
}
