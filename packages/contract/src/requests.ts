/** Saved requests: what was asked, by whom, and every record that it caused; also the receipt of an asynchronous write. */
import { type Static, Type } from 'typebox'
import { Address, Amount, Count, Id, RequestId, Sequence, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'

/** One decided event. Which optional fields there are depends on its operation. */
export const LedgerRecord = strict(
  {
    object: Type.Literal('record'),
    sequence: Sequence,
    timestamp: Time,
    operation: Type.Enum(
      [
        'create_transfer',
        'release_hold',
        'create_account',
        'change_limit',
        'change_metadata',
        'close_account',
        'reopen_account',
        'register_asset',
        'close_books',
        'attest',
      ],
      { title: 'LedgerOperation' },
    ),
    status: Type.String({
      description: '`created`, `changed`, `exists`, or the code of the refusal.',
      examples: ['created'],
    }),
    id: nullable(Id, { description: 'Of the transfer or account; null for assets.' }),
    account: Type.Optional(Address),
    debit_account: Type.Optional(Address),
    credit_account: Type.Optional(Address),
    amount: Type.Optional(Amount),
    needed: Type.Optional(noted(Amount, { description: 'Of a refusal by a limit.' })),
    available: Type.Optional(noted(Amount, { description: 'Of a refusal by a limit.' })),
    limit: Type.Optional(noted(Amount, { description: 'Of a refusal by a limit.' })),
  },
  { title: 'Record' },
)
export type LedgerRecord = Static<typeof LedgerRecord>

export const SavedRequest = strict(
  {
    object: Type.Literal('request'),
    id: RequestId,
    status: Type.Enum(['pending', 'done'], {
      description:
        '`pending`: in the log, not answered yet. `done`: its records say what became of it.',
    }),
    operation: Type.String({
      description: 'The operation of this interface, by its `operationId`.',
      examples: ['createTransfer'],
    }),
    principal: Type.String({ description: 'Who asked.' }),
    key_id: Type.String({ description: 'With which key; never the key itself.' }),
    source: Type.String({ description: 'From where: an address of the network.' }),
    initiator: nullable(Type.String(), { description: 'On whose behalf.' }),
    idempotency_key: nullable(Type.String()),
    received_at: Time,
    digest: Type.String({
      description: 'SHA-256 of the parsed command, hex.',
      pattern: '^[0-9a-f]{64}$',
    }),
    body: Type.Unknown({ description: 'What was asked, as far as the records do not say it.' }),
    record_count: Count,
    records: Type.Array(LedgerRecord, { description: 'Everything it caused, in order.' }),
  },
  { title: 'SavedRequest' },
)
export type SavedRequest = Static<typeof SavedRequest>

/** 202 to `Prefer: respond-async`: safe in the log, not answered yet. */
export const Receipt = strict(
  { object: Type.Literal('request'), id: RequestId, status: Type.Literal('pending') },
  { title: 'Receipt' },
)
export type Receipt = Static<typeof Receipt>

export const RequestParams = strict({ id: RequestId })
export type RequestParams = Static<typeof RequestParams>
