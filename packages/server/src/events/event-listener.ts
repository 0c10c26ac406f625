/** Whoever listens to events over HTTP: server-sent events, as much as the client reads, until it goes. */
import { formatEventId, MediaType, type ProblemFacts } from '@tallystick/contract'

import type { Caller } from '../access/caller.ts'
import { assertScope } from '../access/door.ts'
import type { Exchange } from '../http/exchange.ts'
import { factsOfError } from '../http/problem-answer.ts'
import { EVENT_HEARTBEAT_MS, EVENT_LISTENER_BYTES_MAX, EVENT_RECONNECT_MS } from '../limits.ts'
import { type BookEvent, SHARD } from './book-event.ts'
import type { EventFilter } from './event-filter.ts'
import type { EventFeed, Follower } from './event-feed.ts'
import { mayHear } from './event-sight.ts'

const HEAD = {
  'content-type': `${MediaType.events}; charset=utf-8`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Otherwise nginx would gather the stream.
  'x-accel-buffering': 'no',
}

export class EventListener implements Follower {
  readonly filter: EventFilter
  next: number
  readonly #exchange: Exchange
  readonly #feed: EventFeed
  readonly #heartbeat: NodeJS.Timeout
  #pieces: string[] = []
  #bytes = 0
  #hasSent = false
  #caller: Caller | undefined

  constructor(exchange: Exchange, feed: EventFeed, wish: { filter: EventFilter; after: number }) {
    this.#exchange = exchange
    this.#caller = exchange.principal
    this.#feed = feed
    this.filter = wish.filter
    this.next = wish.after + 1
    const { reply } = exchange
    reply.hijack()
    reply.raw.writeHead(200, HEAD)
    reply.raw.write(`retry: ${EVENT_RECONNECT_MS}\n${this.#place()}`)
    reply.raw.on('drain', () => feed.resume(this))
    reply.raw.on('close', () => this.#close())
    this.#heartbeat = setInterval(() => this.#beat(), EVENT_HEARTBEAT_MS).unref()
  }

  /** By its rights as they are now. Whoever may not come in any more hears nothing until the next beat ends it. */
  wants(event: BookEvent): boolean {
    this.#caller = this.#caller && this.#exchange.service.door.again(this.#caller)
    if (this.#caller === undefined || !this.filter.wants(event)) return false
    return mayHear(event, this.#caller.rights)
  }

  take(event: BookEvent): boolean {
    const piece = `id: ${event.id}\ndata: ${event.textFor(this.#caller?.rights)}\n\n`
    this.#pieces.push(piece)
    this.#bytes += piece.length
    return this.#bytes < EVENT_LISTENER_BYTES_MAX
  }

  flush(): boolean {
    const { raw } = this.#exchange.reply
    if (this.#bytes > 0) {
      raw.write(this.#pieces.join(''))
      this.#pieces = []
      this.#bytes = 0
      this.#hasSent = true
    }
    return !raw.writableNeedDrain
  }

  end(failure: Error | undefined): void {
    this.#endWith(
      failure === undefined
        ? { code: 'unavailable', detail: 'The server is stopping.' }
        : factsOfError(failure),
    )
  }

  #endWith({ code, detail }: ProblemFacts): void {
    this.flush()
    this.#exchange.reply.raw.end(`event: closed\ndata: ${JSON.stringify({ code, detail })}\n\n`)
  }

  /** Says how far the stream has come: an id without data. Whoever does not read is not spoken to. */
  #beat(): void {
    const { service, knock, route, reply, principal } = this.#exchange
    try {
      const caller = service.door.enter(knock, route, principal)
      if (caller === undefined) return
      const initiator = this.#exchange.header('tally-initiator')
      assertScope(service.door.represent(caller, initiator), route)
    } catch (error) {
      this.#feed.remove(this)
      return this.#endWith(factsOfError(error))
    }
    if (!this.#hasSent && !reply.raw.writableNeedDrain) reply.raw.write(this.#place())
    this.#hasSent = false
  }

  #place(): string {
    return `id: ${formatEventId(SHARD, this.next - 1)}\n\n`
  }

  #close(): void {
    clearInterval(this.#heartbeat)
    this.#feed.remove(this)
    this.#exchange.done(200)
  }
}
