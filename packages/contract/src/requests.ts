/** Saved requests: what was asked, by whom, and every record that it caused; also the receipt of an asynchronous write. */
import { type Static, Type } from 'typebox'
import { Approval } from './approvals.ts'
import { refusedByCeiling } from './ceilings.ts'
import { BalancesByAddress } from './balances.ts'
import {
  Address,
  Amount,
  AssetText,
  Code,
  Count,
  Cursor,
  Id,
  Metadata,
  PageLimit,
  RequestId,
  Sequence,
  ShownPrivate,
  Time,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'
import { Kind } from './transfers.ts'

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
        'control',
        'rule',
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
    asset: Type.Optional(AssetText),
    code: Type.Optional(Code),
    kind: Type.Optional(Kind),
    pending_id: Type.Optional(
      nullable(Id, {
        description:
          'The hold that it captured or voided, or the transfer that it reversed; null = none.',
      }),
    ),
    balances: Type.Optional(
      noted(BalancesByAddress, { description: 'Of both accounts, right after the event.' }),
    ),
    needed: Type.Optional(noted(Amount, { description: 'Of a refusal by a limit.' })),
    available: Type.Optional(noted(Amount, { description: 'Of a refusal by a limit.' })),
    limit: Type.Optional(
      noted(Amount, {
        description: 'Of a refusal by a limit; of an opening or a change: what was set.',
      }),
    ),
    ...refusedByCeiling,
    limit_before: Type.Optional(noted(Amount, { description: 'Of a change of limit.' })),
    subtree_limit: Type.Optional(
      nullable(Amount, { description: 'Of an opening or a change of limit: what was set.' }),
    ),
    subtree_limit_before: Type.Optional(nullable(Amount, { description: 'Of a change of limit.' })),
    metadata: Type.Optional(
      noted(Metadata, { description: 'Left out when the event has none of its own.' }),
    ),
    private: Type.Optional(ShownPrivate),
    control: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What was asked of the rights, as the log has it; of a key its hash.',
      }),
    ),
    rule: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What was asked of the rules, or what one of them did, as the log has it.',
      }),
    ),
    closed_until: Type.Optional(nullable(Time, { description: 'Of closed books; null = opened.' })),
    closed_until_before: Type.Optional(nullable(Time, { description: 'Of closed books.' })),
  },
  { title: 'Record' },
)
export type LedgerRecord = Static<typeof LedgerRecord>

const envelope = {
  object: Type.Literal('request'),
  id: RequestId,
  status: Type.Enum(['pending', 'awaiting_approval', 'done'], {
    description:
      '`pending`: in the log, not answered yet. `awaiting_approval`: a second person has to approve it. `done`: its records say what became of it.',
  }),
  operation: Type.String({
    description:
      'The operation of this interface, by its `operationId`; `library` for programs that embed the ledger.',
    examples: ['createTransfer'],
  }),
  principal: Type.String({ description: 'Who asked.' }),
  key_id: Type.String({ description: 'With which key; never the key itself.' }),
  source: Type.String({ description: 'From where: an address of the network.' }),
  initiator: nullable(Type.String(), { description: 'On whose behalf.' }),
  idempotency_key: nullable(Type.String()),
  received_at: noted(Time, { description: 'When it came in.' }),
  timestamp: noted(Time, { description: 'When the ledger decided its first event.' }),
  sequence: noted(Sequence, { description: 'Of its first event.' }),
  digest: Type.String({
    description: 'SHA-256 of the parsed command, hex.',
    pattern: '^[0-9a-f]{64}$',
  }),
  record_count: Count,
}

/** A row of a list: without what only the request itself shows. */
export const RequestSummary = strict(envelope, { title: 'RequestSummary' })
export type RequestSummary = Static<typeof RequestSummary>

const SavedAnswer = strict(
  {
    status: Type.Integer({ description: 'HTTP status.', examples: [201] }),
    body: Type.Unknown({ description: 'As it was answered, and is when it is asked again.' }),
  },
  { title: 'SavedAnswer' },
)

export const SavedRequest = strict(
  {
    ...envelope,
    body: Type.Unknown({ description: 'What was asked, as far as the records do not say it.' }),
    answer: nullable(SavedAnswer, {
      description:
        'Made from the records, as it is for whoever asks again. Of a packed batch: what its JSON form answers. null: it came from a program that embeds the ledger.',
    }),
    approval: Type.Optional(
      noted(Approval, { description: 'Of what waited for a second person: how it stands now.' }),
    ),
    records: Type.Array(LedgerRecord, { description: 'Everything it caused, in order.' }),
  },
  { title: 'SavedRequest' },
)
export type SavedRequest = Static<typeof SavedRequest>

export const RequestsQuery = strict({
  transfer: Type.Optional(
    noted(Id, {
      description: 'The request that made this transfer, or whose refusal used up its id.',
    }),
  ),
  account: Type.Optional(
    noted(Address, {
      description:
        'Requests that opened, changed, debited or credited this account. A refusal changes nothing: it is found by its time.',
    }),
  ),
  source: Type.Optional(
    Type.String({
      description: 'Exactly this address of the network.',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      examples: ['127.0.0.1'],
    }),
  ),
  principal: Type.Optional(
    Type.String({
      description: 'Exactly this principal.',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      examples: ['acme'],
    }),
  ),
  key_id: Type.Optional(
    Type.String({
      description: 'Asked with exactly this key.',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      examples: ['key_01M8AJTFAFW6JRXC9YC9KDF9CM'],
    }),
  ),
  from: Type.Optional(noted(Time, { description: 'First `timestamp` that counts.' })),
  to: Type.Optional(noted(Time, { description: 'First `timestamp` that no longer counts.' })),
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type RequestsQuery = Static<typeof RequestsQuery>

export const RequestList = strict(
  {
    ...page(RequestSummary, 'RequestList').properties,
    searched_back_to: nullable(Time, {
      description:
        'Every request from this moment on was looked at; null: there is nothing older to look at. A page can be short, even empty, and have a next one.',
    }),
  },
  { title: 'RequestList' },
)
export type RequestList = Static<typeof RequestList>

/** 202, to `Prefer: respond-async` or where a policy has a second person approve: safe in the log, not answered yet. */
export const Receipt = strict(
  {
    object: Type.Literal('request'),
    id: RequestId,
    status: Type.Enum(['pending', 'awaiting_approval'], {
      description: '`awaiting_approval`: a second person has to approve it first.',
    }),
    approval: Type.Optional(noted(Approval, { description: 'What waits.' })),
    secret: Type.Optional(
      Type.String({ description: 'Of a key that waits, in the first answer alone.' }),
    ),
  },
  { title: 'Receipt' },
)
export type Receipt = Static<typeof Receipt>

export const RequestParams = strict({ id: RequestId })
export type RequestParams = Static<typeof RequestParams>
