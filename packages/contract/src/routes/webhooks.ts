/** Routes of webhooks. */
import type { TSchema } from 'typebox'
import { BODY_BYTES_MAX } from '../limits.ts'
import { MediaType } from '../media-types.ts'
import { strict } from '../schema.ts'
import {
  ChangeWebhook,
  CreateWebhook,
  DeadLetterList,
  RemovedWebhook,
  RotateWebhook,
  Webhook,
  WebhookAttempt,
  WebhookAttemptList,
  WebhookList,
  WebhookParams,
  WebhookReplay,
} from '../webhooks.ts'
import { read } from './define.ts'

const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
const common = {
  resource: 'webhooks',
  reach: 'found',
  lane: 'interactive',
  headers: strict({}),
} as const
const readable = { ...common, scope: 'webhooks:read', method: 'GET' } as const
const managed = {
  ...common,
  scope: 'webhooks:manage',
  bodyBytesMax: BODY_BYTES_MAX,
  problems: [400, 401, 403, 404, 413, 415, 503],
} as const
const found = { problems: [400, 401, 403, 404, 503] } as const

const answer = <Schema extends TSchema>(schema: Schema, description: string) => ({
  description,
  content: { [MediaType.json]: schema },
})

export const webhookRoutes = {
  createWebhook: read({
    ...{ ...managed, number: 131, method: 'POST', path: '/v1/webhooks', reach: 'prefix' },
    summary: 'Send events to a URL',
    description:
      'Signed as Standard Webhooks says; the answer shows the secret, once. It sends what you may hear of when it is sent. Each event is tried again for three days, then it is a dead letter.',
    example: {
      path: '/webhooks',
      body: {
        url: 'https://shop.example/hooks/ledger',
        types: ['transfer.*', 'hold.*'],
        prefix: 'users:1042',
      },
    },
    body: CreateWebhook,
    answers: { 201: answer(Webhook, 'Made; with its secret.') },
  }),
  listWebhooks: read({
    ...{ ...readable, number: 132, path: '/v1/webhooks' },
    summary: 'List webhooks',
    description: 'Your own, or with the right on all addresses all of them; the oldest first.',
    example: { path: '/webhooks' },
    answers: { 200: answer(WebhookList, 'Webhooks.') },
  }),
  getWebhook: read({
    ...{ ...readable, ...found, number: 133, path: '/v1/webhooks/{id}' },
    summary: 'Show a webhook',
    description: 'How far it has come, and what waits.',
    example: { path: `/webhooks/${ID}` },
    params: WebhookParams,
    answers: { 200: answer(Webhook, 'The webhook.') },
  }),
  changeWebhook: read({
    ...{ ...managed, number: 134, method: 'PATCH', path: '/v1/webhooks/{id}' },
    summary: 'Change a webhook',
    description: 'Another URL or description; switch it off, and on again where it was.',
    example: { path: `/webhooks/${ID}`, body: { status: 'active' } },
    params: WebhookParams,
    body: ChangeWebhook,
    answers: { 200: answer(Webhook, 'Changed.') },
  }),
  removeWebhook: read({
    ...{ ...managed, number: 135, method: 'DELETE', path: '/v1/webhooks/{id}', bodyBytesMax: 0 },
    summary: 'Remove a webhook',
    description: 'With all that waits for it.',
    example: { path: `/webhooks/${ID}` },
    params: WebhookParams,
    answers: { 200: answer(RemovedWebhook, 'Removed.') },
  }),
  rotateWebhook: read({
    ...{ ...managed, number: 136, method: 'POST', path: '/v1/webhooks/{id}/rotate' },
    summary: 'Give a webhook a new secret',
    description: 'For a day, or as long as asked, deliveries are signed with the old one too.',
    example: { path: `/webhooks/${ID}/rotate` },
    params: WebhookParams,
    body: RotateWebhook,
    bodyOptional: true,
    answers: { 200: answer(Webhook, 'With its new secret.') },
  }),
  testWebhook: read({
    ...{ ...managed, number: 137, method: 'POST', path: '/v1/webhooks/{id}/test', bodyBytesMax: 0 },
    summary: 'Send a test event now',
    description: 'Of type `webhook.test`, signed like all others. The answer says what came of it.',
    example: { path: `/webhooks/${ID}/test` },
    params: WebhookParams,
    answers: { 200: answer(WebhookAttempt, 'What came of it.') },
  }),
  listWebhookAttempts: read({
    ...{ ...readable, ...found, number: 138, path: '/v1/webhooks/{id}/attempts' },
    summary: 'Show what was tried',
    description: 'The newest 100 tries, newest first. A thousand are kept.',
    example: { path: `/webhooks/${ID}/attempts` },
    params: WebhookParams,
    answers: { 200: answer(WebhookAttemptList, 'Tries.') },
  }),
  listDeadLetters: read({
    ...{ ...readable, ...found, number: 139, path: '/v1/webhooks/{id}/dead-letters' },
    summary: 'Show what was given up',
    description: 'The first 100 in order of the ledger.',
    example: { path: `/webhooks/${ID}/dead-letters` },
    params: WebhookParams,
    answers: { 200: answer(DeadLetterList, 'Dead letters.') },
  }),
  replayWebhook: read({
    ...{ ...managed, number: 129, method: 'POST', bodyBytesMax: 0 },
    path: '/v1/webhooks/{id}/replay',
    summary: 'Try dead letters again',
    description: 'All of them, as if they were new.',
    example: { path: `/webhooks/${ID}/replay` },
    params: WebhookParams,
    answers: { 200: answer(WebhookReplay, 'Begun.') },
  }),
} as const
