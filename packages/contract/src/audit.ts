/** The audit: who did or tried what, from where, with which result. */
import { type Static, Type } from 'typebox'
import { Count, Cursor, PageLimit, RequestId, Sequence, Time } from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'

const Principal = Type.String({ examples: ['billing-service'] })
const Result = Type.String({
  description:
    '`accepted`, or the code of the refusal: of an attempt that was turned away `unauthenticated`, `forbidden`, `not_found` (of what the caller may not see) or `rate_limited`; of a change of rights its status, like `last_administrator`.',
  pattern: '^[a-z_]{1,64}$',
  examples: ['forbidden'],
})
const Action = Type.String({
  description: 'By its `operationId`; `*`: several, summed up.',
  pattern: '^(\\*|[A-Za-z]{1,64})$',
  examples: ['createTransfer'],
})
const Source = Type.String({
  description: 'From where: an address of the network; `*`: several, summed up.',
  pattern: '^[\\x21-\\x7e]{0,64}$',
  examples: ['192.0.2.7'],
})

export const AuditRecord = strict(
  {
    object: Type.Literal('audit_record'),
    sequence: Sequence,
    timestamp: noted(Time, { description: 'When it came into the log.' }),
    first_at: noted(Time, { description: 'Of the attempts that it counts: the first.' }),
    last_at: noted(Time, { description: 'The last.' }),
    principal: nullable(Principal, { description: 'Who; null: nobody that is known.' }),
    key_id: nullable(Type.String(), { description: 'With which key; never the key itself.' }),
    initiator: nullable(Type.String(), { description: 'On whose behalf.' }),
    source: Source,
    action: Action,
    result: Result,
    count: noted(Count, { description: 'How often, between the two times.' }),
    request_id: noted(RequestId, { description: 'Of the change, or of the note of the attempts.' }),
    control: nullable(Type.Record(Type.String(), Type.Unknown()), {
      description: 'Of a change of rights: what was asked, as the log has it.',
    }),
  },
  { title: 'AuditRecord', description: 'An event of the log, and a leaf of the proof log.' },
)
export type AuditRecord = Static<typeof AuditRecord>

export const AuditQuery = strict({
  principal: Type.Optional(
    Type.String({
      description: 'What it did or tried, or another on its behalf.',
      pattern: '^[a-z0-9][a-z0-9._@-]{0,63}$',
      examples: ['billing-service'],
    }),
  ),
  action: Type.Optional(Action),
  result: Type.Optional(Result),
  source: Type.Optional(Source),
  from: Type.Optional(noted(Time, { description: 'First `timestamp` that counts.' })),
  to: Type.Optional(noted(Time, { description: 'First `timestamp` that no longer counts.' })),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type AuditQuery = Static<typeof AuditQuery>

export const AuditList = page(AuditRecord, 'AuditList')
export type AuditList = Static<typeof AuditList>

export const AuditParams = strict({ sequence: Sequence })
export type AuditParams = Static<typeof AuditParams>
