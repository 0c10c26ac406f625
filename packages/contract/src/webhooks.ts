/** Webhooks: where events are sent, signed as Standard Webhooks says. */
import { type Static, Type } from 'typebox'
import { EVENT_FILTER_MAX, EventId } from './events.ts'
import { Address, AddressPrefix, AssetText, Count, Id, Sequence, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

const Url = Type.String({
  description:
    '`https://…`, on the public internet; looked up again for every delivery. The server may be told to allow others.',
  maxLength: 2_000,
  minLength: 1,
  examples: ['https://shop.example/hooks/ledger'],
})
const Description = Type.String({ description: 'For people.', maxLength: 200 })
const Status = Type.Enum(['active', 'disabled'], {
  description: '`disabled`: nothing is sent; it goes on where it was once it is active again.',
})
const wish = {
  types: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z_.*]+$', maxLength: 64 }), {
      description:
        'Types of events; `hold.*` is all that begin so. Default: all but `command.refused`.',
      minItems: 1,
      maxItems: EVENT_FILTER_MAX,
    }),
  ),
  accounts: Type.Optional(
    Type.Array(Address, {
      description: 'Events of these accounts, on whichever side.',
      minItems: 1,
      maxItems: EVENT_FILTER_MAX,
    }),
  ),
  prefix: Type.Optional(AddressPrefix),
  asset: Type.Optional(AssetText),
}

export const CreateWebhook = strict(
  {
    url: Url,
    description: Type.Optional(Description),
    ...wish,
    after: Type.Optional(
      Type.String({
        description:
          'Begin behind the event with this id; `0`: with the first one of the ledger. Default: with what comes from now on.',
        pattern: '^(0|(0|[1-9][0-9]{0,4})-(0|[1-9][0-9]{0,15}))$',
      }),
    ),
  },
  { title: 'CreateWebhook' },
)
export type CreateWebhook = Static<typeof CreateWebhook>

export const ChangeWebhook = strict(
  {
    url: Type.Optional(Url),
    description: Type.Optional(Description),
    status: Type.Optional(Status),
  },
  { title: 'ChangeWebhook', minProperties: 1 },
)
export type ChangeWebhook = Static<typeof ChangeWebhook>

export const RotateWebhook = strict(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        description: 'How long the old secret signs besides the new one.',
        minimum: 0,
        maximum: 604_800,
        default: 86_400,
      }),
    ),
  },
  { title: 'RotateWebhook' },
)
export type RotateWebhook = Static<typeof RotateWebhook>

export const Webhook = strict(
  {
    object: Type.Literal('webhook'),
    id: Id,
    url: Url,
    description: Description,
    status: Status,
    reason: nullable(Type.String(), {
      description:
        'Why it was disabled, when nobody did it by hand: the receiver answered 410, or whoever made it lost his rights.',
    }),
    ...wish,
    position: noted(Sequence, { description: 'How far it has come in the log.' }),
    waiting: noted(Count, { description: 'Events that wait for their next try.' }),
    dead: noted(Count, { description: 'Events that were given up; a replay tries them again.' }),
    created_by: Type.String({
      description:
        'Principal whose rights count for what is sent, as they are then. Without them it is disabled.',
      examples: ['shop'],
    }),
    created_at: Time,
    secret: Type.Optional(
      Type.String({
        description: 'Verifies signatures. Shown once: when it is made, and when it is rotated.',
        examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
      }),
    ),
  },
  { title: 'Webhook' },
)
export type Webhook = Static<typeof Webhook>

export const WebhookAttempt = strict(
  {
    object: Type.Literal('webhook_attempt'),
    event_id: Type.String({ description: 'Of the event, or of a test.' }),
    at: Time,
    took_ms: Type.Integer(),
    status: nullable(Type.Integer(), { description: 'HTTP status; null: there was no answer.' }),
    detail: nullable(Type.String(), {
      description: 'Why it counts as failed; null: it went well.',
    }),
  },
  { title: 'WebhookAttempt' },
)
export type WebhookAttempt = Static<typeof WebhookAttempt>

export const DeadLetter = strict(
  { object: Type.Literal('dead_letter'), event_id: EventId, tries: Type.Integer() },
  { title: 'DeadLetter' },
)
export type DeadLetter = Static<typeof DeadLetter>

export const WebhookReplay = strict(
  { object: Type.Literal('webhook_replay'), webhook: Id, replayed: Count },
  { title: 'WebhookReplay' },
)
export type WebhookReplay = Static<typeof WebhookReplay>

export const RemovedWebhook = strict(
  { object: Type.Literal('webhook'), id: Id, removed: Type.Literal(true) },
  { title: 'RemovedWebhook' },
)
export type RemovedWebhook = Static<typeof RemovedWebhook>

const list = <Row extends Type.TSchema>(row: Row, title: string) =>
  strict({ data: Type.Array(row) }, { title })
export const WebhookList = list(Webhook, 'WebhookList')
export const WebhookAttemptList = list(WebhookAttempt, 'WebhookAttemptList')
export const DeadLetterList = list(DeadLetter, 'DeadLetterList')

export const WebhookParams = strict({ id: Id })
