/** Headers with a meaning of their own, in requests and in answers; names in lower case, as servers see them. */
import { type Static, Type } from 'typebox'
import { IDEMPOTENCY_KEY_LENGTH_MAX } from './limits.ts'

export const IdempotencyKey = Type.String({
  description:
    'Your name for this request: the same key and body get the first answer again, whenever; another body is refused.',
  pattern: `^[\\x20-\\x7e]{1,${IDEMPOTENCY_KEY_LENGTH_MAX}}$`,
  examples: ['order-17'],
})

/** Every request with a key may carry it. */
const onBehalf = {
  'tally-initiator': Type.Optional(
    Type.String({
      description:
        'The principal on whose behalf this is asked: what may be done is what both may do. It needs `principals:represent`.',
      pattern: '^[a-z0-9][a-z0-9._@-]{0,63}$',
      examples: ['ada'],
    }),
  ),
}

/** Requests that write may carry these. Other headers are none of the contract's business, so this is not strict. */
export const WriteHeaders = Type.Object({
  ...onBehalf,
  'idempotency-key': Type.Optional(IdempotencyKey),
  prefer: Type.Optional(
    Type.String({
      description: '`respond-async`: 202 and a receipt as soon as the request is safe in the log.',
      examples: ['respond-async'],
    }),
  ),
  priority: Type.Optional(
    Type.String({
      description: 'RFC 9218: `u=0` to `u=3` interactive (default 3), `u=4` to `u=7` bulk.',
      examples: ['u=5'],
    }),
  ),
})
export type WriteHeaders = Static<typeof WriteHeaders>

export const ReadHeaders = Type.Object({
  ...onBehalf,
  'ledger-min-sequence': Type.Optional(
    Type.String({
      description:
        'A `Ledger-Sequence` of an earlier answer: the read waits until it shows that, or answers 503.',
      pattern: '^[A-Za-z0-9_.-]{1,128}$',
    }),
  ),
})
export type ReadHeaders = Static<typeof ReadHeaders>

/** Headers of answers, as they are written. */
export const ANSWER_HEADERS = {
  'Ledger-Sequence': {
    description:
      'Opaque: give it as `Ledger-Min-Sequence` to read at least what this answer knows.',
    schema: Type.String(),
  },
  'Idempotent-Replayed': {
    description: '`true` when this is the first answer again.',
    schema: Type.Literal('true'),
  },
  Location: { description: 'Where the resource is read.', schema: Type.String() },
  'RateLimit-Policy': {
    description:
      'How often the principal or the key may ask: `q` calls in `w` seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: Type.String({ examples: ['"principal";q=200;w=2'] }),
  },
  RateLimit: {
    description: 'What is left of it: `r` calls; in `t` seconds all of it is.',
    schema: Type.String({ examples: ['"principal";r=150;t=1'] }),
  },
  'Retry-After': {
    description: 'Whole seconds to wait before the next try.',
    schema: Type.Integer({ minimum: 0 }),
  },
} as const
export type AnswerHeader = keyof typeof ANSWER_HEADERS
