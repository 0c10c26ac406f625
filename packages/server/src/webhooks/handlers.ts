/** `/v1/webhooks`. */
import {
  type ChangeWebhook,
  type CreateWebhook,
  formatEventId,
  formatTime,
  type OperationId,
  parseEventId,
  type RotateWebhook,
} from '@tallystick/contract'

import { assertHears, seesOf } from '../access/reach.ts'
import { forbidden } from '../access/door.ts'
import { SHARD } from '../events/book-event.ts'
import { bodyForm, jsonBody } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { refuse, unseen } from '../http/refused.ts'
import { WEBHOOK_ROWS_SHOWN } from '../limits.ts'
import type { Service } from '../service.ts'
import { type Handler, paramsOf, queryOf } from '../write/handler.ts'
import type { Attempt, WebhookRow } from './webhook-store.ts'
import type { Webhooks } from './webhooks.ts'

const NS_PER_MS = 1_000_000n
const DAY_SECONDS = 86_400

const HANDLERS: Partial<Record<OperationId, Handler>> = {
  createWebhook: later(async (exchange) => {
    const { service } = exchange
    const { after, ...asked } = jsonBody(exchange, exchange.id, bodyForm(exchange)) as CreateWebhook
    const { accounts, prefix } = asked
    assertHears(exchange, { ...(accounts === undefined ? {} : { accounts }), prefix })
    const who = { principal: exchange.principal?.name ?? '', position: placeOf(service, after) }
    const { row, secret } = await service.webhooks.create(asked, who)
    told(exchange, 'made', row.id)
    exchange.answerJson(201, JSON.stringify({ ...shown(service.webhooks, row), secret }), {
      location: `/v1/webhooks/${row.id}`,
    })
  }),
  listWebhooks: (exchange) => {
    const { webhooks } = exchange.service
    webhooks.review()
    const own = webhooks.store.all().filter((row) => isOwn(exchange, row))
    const data = own.map((row) => shown(webhooks, row))
    exchange.answerJson(200, JSON.stringify({ data }))
  },
  getWebhook: (exchange) => {
    const { webhooks } = exchange.service
    webhooks.review()
    exchange.answerJson(200, JSON.stringify(shown(webhooks, webhooks.get(idOf(exchange)))))
  },
  changeWebhook: later(async (exchange) => {
    const { webhooks } = exchange.service
    const body = jsonBody(exchange, exchange.id, bodyForm(exchange)) as ChangeWebhook
    const { status, ...rest } = body
    const isActive = status === undefined ? {} : { isActive: status === 'active' }
    const row = await webhooks.change(idOf(exchange), { ...rest, ...isActive })
    told(exchange, `changed (${Object.keys(body).join(', ')})`, row.id)
    exchange.answerJson(200, JSON.stringify(shown(webhooks, row)))
  }),
  removeWebhook: (exchange) => {
    const id = idOf(exchange)
    exchange.service.webhooks.remove(id)
    told(exchange, 'removed', id)
    exchange.answerJson(200, JSON.stringify({ object: 'webhook', id, removed: true }))
  },
  rotateWebhook: (exchange) => {
    const { webhooks } = exchange.service
    const form = bodyForm(exchange)
    const body = jsonBody(exchange, exchange.id, form) as RotateWebhook | undefined
    const overlap = body?.overlap_seconds ?? DAY_SECONDS
    const { row, secret } = webhooks.rotate(idOf(exchange), overlap * 1_000)
    told(exchange, 'given a new secret', row.id)
    exchange.answerJson(200, JSON.stringify({ ...shown(webhooks, row), secret }))
  },
  testWebhook: later(async (exchange) => {
    const attempt = await exchange.service.webhooks.test(idOf(exchange))
    exchange.answerJson(200, JSON.stringify(shownAttempt(attempt)))
  }),
  listWebhookAttempts: (exchange) => {
    const { webhooks } = exchange.service
    const { id } = webhooks.get(idOf(exchange))
    const data = webhooks.store.attempts(id, WEBHOOK_ROWS_SHOWN).map(shownAttempt)
    exchange.answerJson(200, JSON.stringify({ data }))
  },
  listDeadLetters: (exchange) => {
    const { webhooks } = exchange.service
    const { id } = webhooks.get(idOf(exchange))
    const data = webhooks.store.dead(id, 0, WEBHOOK_ROWS_SHOWN).map(({ sequence, tries }) => ({
      ...{ object: 'dead_letter', event_id: formatEventId(SHARD, sequence), tries },
    }))
    exchange.answerJson(200, JSON.stringify({ data }))
  },
  replayWebhook: (exchange) => {
    const webhook = idOf(exchange)
    const replayed = String(exchange.service.webhooks.replay(webhook))
    told(exchange, `told ${replayed} dead letters again`, webhook)
    exchange.answerJson(200, JSON.stringify({ object: 'webhook_replay', webhook, replayed }))
  },
}

/** Their paths and bodies ask for everything: whatever a query says is a mistake. */
export const WEBHOOKS: Partial<Record<OperationId, Handler>> = Object.fromEntries(
  Object.entries(HANDLERS).map(([id, handler]): [string, Handler] => [
    id,
    (exchange) => {
      queryOf(exchange)
      assertOwn(exchange)
      return handler(exchange)
    },
  ]),
)

/** It acts with its creator's rights later on, without anybody to hold it to what both may do. @throws Refused 403 */
function assertOwn(exchange: Exchange): void {
  const { principal, route } = exchange
  if (principal?.initiator === undefined || route.method === 'GET') return
  // What neither may see is not there for them, whoever asks.
  if (route.path.includes('{id}')) idOf(exchange)
  throw forbidden('A webhook cannot be changed on behalf of another.')
}

function later(answer: (exchange: Exchange) => Promise<void>): Handler {
  return (exchange) => {
    answer(exchange).catch((error: unknown) => exchange.fail(error))
  }
}

/** Webhooks are no facts of the ledger: who changed what stands in the server's log. */
function told(exchange: Exchange, what: string, webhook: string): void {
  const { name, keyId } = exchange.principal ?? {}
  exchange.service.log.info(`a webhook was ${what}`, { webhook, principal: name, key: keyId })
}

/** Of a webhook that the caller may see. @throws Refused 404 */
function idOf(exchange: Exchange): string {
  const { id } = paramsOf(exchange) as { id: string }
  return isOwn(exchange, exchange.service.webhooks.get(id)) ? id : unseen('webhook', 'id')
}

function isOwn(exchange: Exchange, { principal }: WebhookRow): boolean {
  const { scope } = exchange.route
  return typeof scope === 'string' && seesOf(exchange, scope, { principal, initiator: '' })
}

/** @throws Refused for a place that this ledger has not reached. */
function placeOf({ ledger }: Service, after: string | undefined): number {
  if (after === undefined) return ledger.durableSequence
  const place = after === '0' ? { shard: SHARD, sequence: 0 } : parseEventId(after)
  if (place?.shard === SHARD && place.sequence <= ledger.durableSequence) return place.sequence
  return refuse('invalid_field', 'after', `This ledger has no event ${after}.`)
}

function shown({ store }: Webhooks, row: WebhookRow): object {
  return {
    ...{ object: 'webhook', id: row.id, url: row.url, description: row.description },
    status: row.isActive ? 'active' : 'disabled',
    reason: row.reason === '' ? null : row.reason,
    ...row.wish,
    position: String(row.position),
    waiting: String(store.countWaiting(row.id)),
    dead: String(store.countDead(row.id)),
    created_by: row.principal,
    created_at: formatTime(BigInt(row.createdAt) * NS_PER_MS),
  }
}

function shownAttempt({ eventId, at, tookMs, status, detail }: Attempt): object {
  return {
    ...{ object: 'webhook_attempt', event_id: eventId },
    at: formatTime(BigInt(at) * NS_PER_MS),
    took_ms: tookMs,
    status: status ?? null,
    detail: detail === '' ? null : detail,
  }
}
