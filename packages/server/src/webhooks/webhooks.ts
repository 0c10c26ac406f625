/** All webhooks of a server: made, changed, rotated, tested, replayed; each at work as long as it is on. */
import { randomUUID } from 'node:crypto'

import type { AccessReader } from '@tallystick/access'

import { forbidden } from '../access/door.ts'
import type { EventFeed } from '../events/event-feed.ts'
import { standingOf } from '../events/event-sight.ts'
import { notFound, Refused, refuse } from '../http/refused.ts'
import { WEBHOOKS_MAX } from '../limits.ts'
import { Deliverer, type DeliveryOutcome, type DeliveryParts, filterOf } from './deliverer.ts'
import { checkOutside, InsideAddress } from './outside-address.ts'
import { newSecret, SecretBox, secretText } from './signature.ts'
import { type Attempt, type WebhookRow, WebhookStore, type WebhookWish } from './webhook-store.ts'

/** Nearly the schedule that Standard Webhooks recommends: over three days, ms. */
const RETRY_SCHEDULE_MS: readonly number[] = [
  ...[0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map((s) => s * 1_000),
]

export interface WebhooksOptions {
  /** Data directory; undefined: in memory. */
  readonly data: string | undefined
  readonly feed: EventFeed
  readonly access: AccessReader
  /** 32 bytes: seals secrets. */
  readonly key: Buffer
  readonly allowInside: boolean
  readonly scheduleMs?: readonly number[]
  readonly onTrouble: (error: unknown) => void
}

export interface NewWebhook extends WebhookWish {
  readonly url: string
  readonly description?: string
}

export interface WebhookFigures {
  readonly active: number
  readonly disabled: number
  /** Events that wait for webhooks that are on, and how old the oldest of them is. */
  readonly waiting: number
  readonly ageSeconds: number
  readonly outcomes: Readonly<Record<DeliveryOutcome, number>>
}

export class Webhooks {
  readonly store: WebhookStore
  readonly #parts: DeliveryParts
  readonly #working = new Map<string, Deliverer>()

  constructor(options: WebhooksOptions) {
    const { data, key, scheduleMs = RETRY_SCHEDULE_MS, ...rest } = options
    this.store = new WebhookStore(data)
    const outcomes = { delivered: 0, failed: 0, dead: 0, withheld: 0 }
    this.#parts = { ...rest, outcomes, store: this.store, box: new SecretBox(key), scheduleMs }
  }

  /** @param newest durable event of the book. */
  start(newest: number): void {
    for (const row of this.store.all()) this.#work(this.#within(row, newest))
  }

  /** A book that lost its end begins again where it is: what it decides now is news. */
  #within(row: WebhookRow, newest: number): WebhookRow {
    if (row.position <= newest) return row
    const place = `${row.position}, and the book ends at ${newest}`
    this.#parts.onTrouble(
      new Error(`webhook ${row.id} has come to ${place}: it goes on behind that`),
    )
    this.store.dropBehind(row.id, newest)
    return this.store.find(row.id) ?? row
  }

  figures(): WebhookFigures {
    const rows = this.store.all()
    const active = rows.filter(({ isActive }) => isActive).length
    let waiting = 0
    for (const deliverer of this.#working.values()) waiting += deliverer.waiting
    const oldest = waiting === 0 ? undefined : this.store.oldestWaiting()
    const time = oldest && this.#parts.feed.reread(oldest, ({ record }) => record.timestamp)
    const ageSeconds = time ? Math.max(0, Date.now() / 1_000 - Number(time) / 1e9) : 0
    const { outcomes } = this.#parts
    return { outcomes, active, disabled: rows.length - active, waiting, ageSeconds }
  }

  /** Those of whom it is known that whoever made them has lost his rights are off. */
  review(): void {
    for (const deliverer of this.#working.values()) deliverer.review()
  }

  /** @throws Refused 403 for whose events cannot be sent */
  assertStanding(principal: string): void {
    const standing = standingOf(this.#parts.access, principal)
    if (!standing.isGood) throw forbidden(`It cannot be at work: ${standing.reason}.`)
  }

  /** @throws Refused 404 */
  get(id: string): WebhookRow {
    return this.store.find(id) ?? notFound('webhook', 'id')
  }

  /** @param position sequence of the last event that it does not want. @throws Refused */
  async create(
    { url, description = '', ...wish }: NewWebhook,
    { principal, position }: { readonly principal: string; readonly position: number },
  ): Promise<{ readonly row: WebhookRow; readonly secret: string }> {
    if (this.store.all().length >= WEBHOOKS_MAX) {
      throw new Refused({ code: 'overloaded', detail: `${WEBHOOKS_MAX} webhooks is the most.` })
    }
    filterOf(wish)
    this.assertStanding(principal)
    await this.#checkUrl(url)
    const id = randomUUID()
    const secret = newSecret()
    const row: WebhookRow = {
      ...{ id, url, description, wish, principal, position },
      ...{ isActive: true, reason: '', oldSecret: undefined, oldUntil: 0, createdAt: Date.now() },
      secret: this.#parts.box.seal(secret, id),
    }
    this.store.save(row)
    this.#work(row)
    return { row, secret: secretText(secret) }
  }

  /** @throws Refused */
  async change(
    id: string,
    { url, ...change }: Partial<Pick<WebhookRow, 'url' | 'description' | 'isActive'>>,
  ): Promise<WebhookRow> {
    const { principal } = this.get(id)
    if (change.isActive === true) this.assertStanding(principal)
    if (url !== undefined) await this.#checkUrl(url)
    return this.#replace(id, (row) => ({
      ...row,
      ...change,
      url: url ?? row.url,
      reason: change.isActive === undefined ? row.reason : '',
    }))
  }

  /** @param overlapMs how long the old secret signs, too. @throws Refused 404 */
  rotate(id: string, overlapMs: number): { readonly row: WebhookRow; readonly secret: string } {
    const secret = newSecret()
    const row = this.#replace(id, (before) => ({
      ...before,
      secret: this.#parts.box.seal(secret, id),
      oldSecret: before.secret,
      oldUntil: Date.now() + overlapMs,
    }))
    return { row, secret: secretText(secret) }
  }

  /** @throws Refused 404 */
  remove(id: string): void {
    this.get(id)
    this.#stop(id)
    this.store.remove(id)
  }

  /** Sends an event that says nothing, now, whether it is on or not. @throws Refused 404 */
  async test(id: string): Promise<Attempt> {
    const row = this.get(id)
    const event = {
      ...{ specversion: '1.0', id: `test-${randomUUID()}`, source: this.#parts.feed.source },
      ...{ type: 'webhook.test', subject: id, time: new Date().toISOString() },
      ...{ datacontenttype: 'application/json', data: { webhook: id } },
    }
    const message = { id: event.id, body: JSON.stringify(event) }
    const { retryAfterMs, ...attempt } = await Deliverer.attempt(this.#parts, row, message)
    void retryAfterMs
    if (this.store.find(id) !== undefined) this.store.note(id, attempt)
    return attempt
  }

  /** All that is dead is tried again. @returns how many. @throws Refused 404 */
  replay(id: string): number {
    this.get(id)
    const count = this.store.revive(id, Date.now())
    // It counts anew what waits.
    this.#replace(id, (row) => row)
    return count
  }

  close(): void {
    for (const id of [...this.#working.keys()]) this.#stop(id)
    this.store.close()
  }

  #replace(id: string, change: (row: WebhookRow) => WebhookRow): WebhookRow {
    this.#stop(id)
    const row = change(this.get(id))
    this.store.save(row)
    this.#work(row)
    return row
  }

  #work(row: WebhookRow): void {
    if (row.isActive) this.#working.set(row.id, new Deliverer(this.#parts, row))
  }

  #stop(id: string): void {
    this.#working.get(id)?.stop()
    this.#working.delete(id)
  }

  async #checkUrl(text: string): Promise<void> {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const { allowInside } = this.#parts
    const isTaken = url?.protocol === 'https:' || (allowInside && url?.protocol === 'http:')
    if (url === undefined || !isTaken || url.username !== '' || url.password !== '') {
      return refuse('invalid_field', 'url', 'url must be https://…, without a user or a password.')
    }
    if (allowInside) return
    try {
      await checkOutside(url)
    } catch (error) {
      const why =
        error instanceof InsideAddress ? error.message : `${url.hostname} cannot be looked up`
      refuse('invalid_field', 'url', `${why}.`)
    }
  }
}
