/**
 * One webhook at work: follows events, writes down what is to be delivered, and delivers it, some at a time. It holds nobody up: what waits is
 * on disk and bounded, and the feed waits for it where it is.
 */
import type { AccessReader } from '@tallystick/access'
import { formatEventId } from '@tallystick/contract'

import { type BookEvent, SHARD } from '../events/book-event.ts'
import { EventFilter } from '../events/event-filter.ts'
import type { EventFeed, Follower } from '../events/event-feed.ts'
import { mayHear, type Standing, standingOf } from '../events/event-sight.ts'
import {
  WEBHOOK_POSITION_MS,
  WEBHOOK_TAKEN_MAX,
  WEBHOOK_TROUBLE_MS,
  WEBHOOK_TRIES_AT_ONCE,
  WEBHOOK_WAITING_MAX,
} from '../limits.ts'
import { lookupOutside } from './outside-address.ts'
import { send } from './send.ts'
import { type SecretBox, signatureOf } from './signature.ts'
import type { Attempt, Delivery, WebhookRow, WebhookStore, WebhookWish } from './webhook-store.ts'

export interface DeliveryParts {
  readonly store: WebhookStore
  readonly feed: EventFeed
  readonly access: AccessReader
  readonly box: SecretBox
  /** Tries since the start. */
  readonly outcomes: Record<DeliveryOutcome, number>
  /** ms before the first try, the second, and so on; after the last one an event is dead. */
  readonly scheduleMs: readonly number[]
  readonly allowInside: boolean
  /** For an operator. */
  readonly onTrouble: (error: unknown) => void
}

/** How a try ended. `dead`: it was the last one. `withheld`: nothing was sent. */
export type DeliveryOutcome = 'delivered' | 'failed' | 'dead' | 'withheld'

const GONE = 410

export function filterOf(wish: WebhookWish): EventFilter {
  return new EventFilter({
    ...(wish.types === undefined ? {} : { type: wish.types.join(',') }),
    ...(wish.accounts === undefined ? {} : { account: wish.accounts.join(',') }),
    ...{ prefix: wish.prefix, asset: wish.asset },
  })
}

export class Deliverer implements Follower {
  readonly filter: EventFilter
  next: number
  readonly #parts: DeliveryParts
  readonly #id: string
  /** Sequences that are not written down yet. */
  #taken: number[] = []
  #waiting: number
  readonly #onTheWay = new Set<number>()
  #timer: NodeJS.Timeout | undefined
  readonly #saving: NodeJS.Timeout
  #savedPosition: number
  #hasEnded = false
  /** It looked at nothing behind this event: whoever made it has lost his rights. */
  #heldAt = Number.MAX_SAFE_INTEGER
  readonly #principal: string

  constructor(parts: DeliveryParts, row: WebhookRow) {
    this.#parts = parts
    this.#id = row.id
    this.#principal = row.principal
    this.filter = filterOf(row.wish)
    this.next = row.position + 1
    this.#savedPosition = row.position
    this.#waiting = parts.store.countWaiting(row.id)
    this.#saving = setInterval(() => this.#savePosition(), WEBHOOK_POSITION_MS).unref()
    parts.feed.add(this)
    this.deliver()
  }

  wants(event: BookEvent): boolean {
    if (!this.filter.wants(event)) return false
    const standing = this.#standing()
    if (standing.isGood) return mayHear(event, standing.rights)
    // Left for when it is switched on again, with all that follows.
    this.#heldAt = Math.min(this.#heldAt, event.sequence - 1)
    queueMicrotask(() => this.#switchOff(standing.reason))
    return true
  }

  take({ sequence }: BookEvent): boolean {
    if (sequence > this.#heldAt) return false
    this.#taken.push(sequence)
    return this.#taken.length < WEBHOOK_TAKEN_MAX
  }

  flush(): boolean {
    if (this.#taken.length > 0 && !this.#writeTaken()) return false
    return this.#waiting < WEBHOOK_WAITING_MAX
  }

  /** Sequence of the last event that was looked at. */
  get #looked(): number {
    return Math.min(this.next - 1, this.#heldAt)
  }

  #standing(): Standing {
    return standingOf(this.#parts.access, this.#principal)
  }

  /** Stops when whoever made it has lost his rights. */
  review(): void {
    const standing = this.#standing()
    if (!standing.isGood) this.#switchOff(standing.reason)
  }

  /** A disk that does not take it is asked again later; the feed waits, and nobody else does. */
  #writeTaken(): boolean {
    try {
      const position = Math.max(this.#looked, this.#taken.at(-1) ?? 0)
      this.#parts.store.advance(this.#id, position, this.#taken, Date.now())
      this.#savedPosition = position
      this.#waiting += this.#taken.length
      this.#taken = []
      this.deliver()
      return true
    } catch (error) {
      this.#parts.onTrouble(error)
      setTimeout(() => this.#parts.feed.resume(this), WEBHOOK_TROUBLE_MS).unref()
      return false
    }
  }

  end(): void {
    this.stop()
  }

  /** What is on its way comes to its end; nothing new begins. */
  stop(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearTimeout(this.#timer)
    clearInterval(this.#saving)
    this.#savePosition()
    this.#parts.feed.remove(this)
  }

  /** Begins what is due, and comes back when more is. */
  deliver(): void {
    if (this.#hasEnded) return
    clearTimeout(this.#timer)
    const room = WEBHOOK_TRIES_AT_ONCE - this.#onTheWay.size
    if (room <= 0) return
    const { store } = this.#parts
    const now = Date.now()
    const due = store
      .due(this.#id, now, WEBHOOK_TRIES_AT_ONCE + this.#onTheWay.size)
      .filter(({ sequence }) => !this.#onTheWay.has(sequence))
    for (const delivery of due.slice(0, room)) this.#begin(delivery)
    if (due.length > 0) return
    const next = store.nextDue(this.#id, now)
    if (next === undefined) return
    this.#timer = setTimeout(() => this.deliver(), Math.min(MINUTE_MS, Math.max(1, next - now)))
    this.#timer.unref()
  }

  /** What goes wrong on this side (the disk, a damaged book) is no failure of the receiver: it is tried again, and does not count. */
  #begin(delivery: Delivery): void {
    this.#onTheWay.add(delivery.sequence)
    this.#try(delivery).catch((error: unknown) => {
      this.#parts.onTrouble(error)
      setTimeout(() => this.#again(delivery), WEBHOOK_TROUBLE_MS).unref()
    })
  }

  #again({ sequence }: Delivery): void {
    this.#onTheWay.delete(sequence)
    this.deliver()
  }

  /** Signs and sends. @param row as it is now. */
  static async attempt(
    { box, allowInside }: DeliveryParts,
    row: WebhookRow,
    message: { readonly id: string; readonly body: string },
  ): Promise<Attempt & { readonly retryAfterMs: number | undefined }> {
    const began = Date.now()
    const at = Math.floor(began / 1_000)
    const secrets = [row.secret, ...(row.oldUntil > began ? [row.oldSecret] : [])]
      .flatMap((sealed) => sealed ?? [])
      .flatMap((sealed) => box.open(sealed, row.id) ?? [])
    const facts = { eventId: message.id, at: began }
    if (secrets.length === 0) {
      const detail = 'its secret cannot be read: it was sealed under a key that is gone; rotate it'
      return { ...facts, tookMs: 0, status: undefined, detail, retryAfterMs: undefined }
    }
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Tallystick',
      'webhook-id': message.id,
      'webhook-timestamp': `${at}`,
      'webhook-signature': signatureOf({ ...message, at }, secrets),
    }
    const sent = await send(
      { url: row.url, headers, body: message.body },
      allowInside ? undefined : lookupOutside,
    )
    return { ...facts, ...sent, tookMs: Date.now() - began }
  }

  async #try(delivery: Delivery): Promise<void> {
    const { store, feed, scheduleMs } = this.#parts
    const { sequence } = delivery
    const row = store.find(this.#id)
    if (row === undefined) return
    const standing = this.#standing()
    if (!standing.isGood) return this.#switchOff(standing.reason)
    const id = formatEventId(SHARD, sequence)
    const body = feed.reread(sequence, (event) =>
      mayHear(event, standing.rights) ? event.textFor(standing.rights) : undefined,
    )
    const { retryAfterMs = 0, ...attempt } =
      body === undefined ? leftOut(id) : await Deliverer.attempt(this.#parts, row, { id, body })
    // The server may have been stopped, or the webhook removed: then it is tried again, or by nobody.
    if (this.#hasEnded) return
    const wait = scheduleMs[delivery.tries + 1]
    const isDone = attempt.detail === '' || body === undefined
    this.#count(
      body === undefined
        ? 'withheld'
        : isDone
          ? 'delivered'
          : wait === undefined
            ? 'dead'
            : 'failed',
    )
    if (isDone) store.settle(delivery, attempt, 'done')
    else if (attempt.status === GONE) {
      store.settle(delivery, attempt, { dueAt: Date.now() })
      return this.#switchOff('the receiver answered 410')
    } else if (wait === undefined) store.settle(delivery, attempt, 'dead')
    else {
      const dueAt = Date.now() + Math.max(jittered(wait), retryAfterMs)
      store.settle(delivery, attempt, { dueAt })
    }
    this.#onTheWay.delete(sequence)
    if (isDone || wait === undefined) this.#waiting--
    if (this.#waiting < WEBHOOK_WAITING_MAX / 2) feed.resume(this)
    this.deliver()
  }

  #count(outcome: DeliveryOutcome): void {
    this.#parts.outcomes[outcome]++
  }

  /** Events that are written down and not delivered. */
  get waiting(): number {
    return this.#waiting
  }

  /** What waits stays, for when it is switched on again. */
  #switchOff(reason: string): void {
    if (this.#hasEnded) return
    const { store } = this.#parts
    this.stop()
    const now = store.find(this.#id)
    if (now !== undefined) store.save({ ...now, isActive: false, reason })
  }

  /** Of a webhook that nothing concerns, so that a restart need not look at all of it again. */
  #savePosition(): void {
    const position = this.#looked
    if (this.#taken.length > 0 || position <= this.#savedPosition) return
    try {
      this.#parts.store.advance(this.#id, position, [], Date.now())
      this.#savedPosition = position
    } catch (error) {
      this.#parts.onTrouble(error)
    }
  }
}

/** Whoever made the webhook may not hear of it any more. */
function leftOut(eventId: string): Attempt & { readonly retryAfterMs?: number } {
  const detail = 'left out: whoever made the webhook may not hear of it any more'
  return { eventId, at: Date.now(), tookMs: 0, status: undefined, detail }
}

const MINUTE_MS = 60_000

/** A fifth shorter to a fifth longer: receivers that failed together are not tried together. */
function jittered(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4))
}
