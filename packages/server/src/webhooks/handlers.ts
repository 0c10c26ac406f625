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

import { forbidden } from '../access/door.ts'
import { SHARD } from '../events/book-event.ts'
import { bodyForm, jsonBody } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { refuse } from '../http/refused.ts'
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
    const who = { principal: exchange.principal?.name ?? '', position: placeOf(service, after) }
    const { row, secret } = await service.webhooks.create(asked, who)
    exchange.answerJson(201, JSON.stringify({ ...shown(service.webhooks, row), secret }), {
      location: `/v1/webhooks/${row.id}`,
    })
  }),
  listWebhooks: (exchange) => {
    const { webhooks } = exchange.service
    const data = webhooks.store.all().map((row) => shown(webhooks, row))
    exchange.answerJson(200, JSON.stringify({ data }))
  },
  getWebhook: (exchange) => {
    const { webhooks } = exchange.service
    exchange.answerJson(200, JSON.stringify(shown(webhooks, webhooks.get(idOf(exchange)))))
  },
  changeWebhook: later(async (exchange) => {
    const { webhooks } = exchange.service
    const body = jsonBody(exchange, exchange.id, bodyForm(exchange)) as ChangeWebhook
    const { status, ...rest } = body
    const isActive = status === undefined ? {} : { isActive: status === 'active' }
    const row = await webhooks.change(idOf(exchange), { ...rest, ...isActive })
    exchange.answerJson(200, JSON.stringify(shown(webhooks, row)))
  }),
  removeWebhook: (exchange) => {
    const id = idOf(exchange)
    exchange.service.webhooks.remove(id)
    exchange.answerJson(200, JSON.stringify({ object: 'webhook', id, removed: true }))
  },
  rotateWebhook: (exchange) => {
    const { webhooks } = exchange.service
    const form = bodyForm(exchange)
    const body = jsonBody(exchange, exchange.id, form) as RotateWebhook | undefined
    const overlap = body?.overlap_seconds ?? DAY_SECONDS
    const { row, secret } = webhooks.rotate(idOf(exchange), overlap * 1_000)
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
function assertOwn({ principal, route }: Exchange): void {
  if (principal?.initiator === undefined || route.method === 'GET') return
  throw forbidden('A webhook cannot be changed on behalf of another.')
}

function later(answer: (exchange: Exchange) => Promise<void>): Handler {
  return (exchange) => {
    answer(exchange).catch((error: unknown) => exchange.fail(error))
  }
}

function idOf(exchange: Exchange): string {
  return (paramsOf(exchange) as { id: string }).id
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
