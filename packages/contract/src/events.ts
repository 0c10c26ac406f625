/** Events: CloudEvents 1.0, one for each fact of the ledger, and what the stream of them is asked for. */
import { type Static, type TObject, Type } from 'typebox'
import { refusedByCeiling } from './ceilings.ts'
import { AccountFlag } from './accounts.ts'
import {
  Address,
  AddressPrefix,
  Amount,
  AssetText,
  Code,
  Count,
  Id,
  Metadata,
  Reference,
  RequestId,
  Sequence,
  SignedAmount,
  Time,
} from './scalars.ts'
import { firedFields } from './rules.ts'
import { noted, nullable, strict } from './schema.ts'

export const EVENT_ID_PATTERN = '^(0|[1-9][0-9]{0,4})-(0|[1-9][0-9]{0,15})$'

export const EventId = Type.String({
  title: 'EventId',
  description:
    'A function of the fact: the same fact has the same id wherever and however often it is told. Opaque; with `source` it is unique among all ledgers.',
  pattern: EVENT_ID_PATTERN,
  examples: ['0-3'],
})

/** @param shard whose log. @param sequence of the decided event. */
export function formatEventId(shard: number, sequence: number): string {
  return `${shard}-${sequence}`
}

/** undefined: not an event id. */
export function parseEventId(text: string): { shard: number; sequence: number } | undefined {
  if (!new RegExp(EVENT_ID_PATTERN).test(text)) return undefined
  const [shard = 0, sequence = 0] = text.split('-').map(Number)
  return Number.isSafeInteger(sequence) ? { shard, sequence } : undefined
}

const EventBalances = strict(
  {
    debits_pending: Amount,
    debits_posted: Amount,
    credits_pending: Amount,
    credits_posted: Amount,
    balance: SignedAmount,
  },
  { title: 'EventBalances', description: 'Right after the event.' },
)

const EventSide = strict(
  {
    account: Address,
    number: Type.Optional(
      noted(Count, {
        description:
          'Number of the account’s entry, from 1, without a gap: who has seen all numbers has missed nothing of the account. Left out, with its balances, of an account that the reader may not see.',
      }),
    ),
    balances: Type.Optional(EventBalances),
  },
  { title: 'EventSide' },
)

/** Who asked for it. */
const origin = {
  request_id: nullable(RequestId, { description: 'null: nobody asked, as when a hold expires.' }),
  reference: Type.Optional(
    noted(Reference, { description: 'As asked; left out when there is none.' }),
  ),
}

const written = {
  metadata: noted(Metadata, { description: 'As it was given with it; `{}` when nothing was.' }),
  private: Type.Optional(
    Type.Literal('withheld', {
      description: 'There is personal data with it: no event carries that, the resource shows it.',
    }),
  ),
}

const moved = {
  transfer_id: Id,
  debit: EventSide,
  credit: EventSide,
  amount: noted(Amount, { description: 'Moved, held or released by it, minor units.' }),
  asset: AssetText,
  code: Code,
  effective_at: noted(Time, { description: 'Value date.' }),
  ...written,
  ...origin,
}

const ofHold = {
  hold_id: Id,
  captured: noted(Amount, { description: 'Of the hold so far, this included.' }),
  remaining: noted(Amount, { description: 'Still held.' }),
}

const account = { account: Address, account_id: Id, asset: AssetText }
const limitChange = {
  limit: Type.Optional(Amount),
  limit_before: Type.Optional(Amount),
  subtree_limit: Type.Optional(nullable(Amount)),
  subtree_limit_before: Type.Optional(nullable(Amount)),
}

/** The data of every type of event. A type is never renamed; fields are only added. */
export const EVENT_DATA = {
  'account.opened': strict(
    {
      ...account,
      code: Code,
      flags: Type.Array(AccountFlag),
      parent: nullable(Address),
      limit: Amount,
      subtree_limit: nullable(Amount),
      ...written,
      ...origin,
    },
    { description: 'An account was opened.' },
  ),
  'account.limits_changed': strict(
    { ...account, ...limitChange, ...origin },
    { description: 'A limit was changed. What was not changed is left out.' },
  ),
  'account.metadata_changed': strict(
    { ...account, ...written, ...origin },
    { description: 'The metadata of an account was replaced.' },
  ),
  'account.closed': strict(
    { ...account, ...origin },
    { description: 'An account was closed: nothing moves on it but what releases holds.' },
  ),
  'account.reopened': strict(
    { ...account, ...origin },
    { description: 'A closed account was opened again.' },
  ),
  'transfer.posted': strict(
    { ...moved },
    { description: 'Money moved from one account to another.' },
  ),
  'transfer.reversed': strict(
    {
      ...moved,
      reverses_id: noted(Id, { description: 'The transfer that was taken back.' }),
      reversed: noted(Amount, { description: 'Of that transfer so far, this included.' }),
    },
    { description: 'Money of an earlier transfer moved back, all of it or a part.' },
  ),
  'hold.created': strict(
    {
      ...moved,
      expires_at: nullable(Time, { description: 'null: never.' }),
      closes: Type.Array(Address, { description: 'Accounts that are closed while it is open.' }),
    },
    { description: 'An amount was reserved. Its `transfer_id` is the id of the hold.' },
  ),
  'hold.captured': strict(
    { ...moved, ...ofHold },
    { description: 'Money moved out of a hold. With nothing remaining the hold is over.' },
  ),
  'hold.voided': strict(
    { ...moved, ...ofHold },
    { description: 'A hold was released by whoever held it.' },
  ),
  'hold.expired': strict(
    { ...moved, ...ofHold },
    { description: 'A hold was released since its time was over. Nobody asked for it.' },
  ),
  'asset.registered': strict(
    { asset: AssetText, ...origin },
    { description: 'An asset beyond those of ISO 4217 can be used.' },
  ),
  'books.closed': strict(
    {
      asset: nullable(AssetText),
      account: nullable(Address, { description: 'With all below it.' }),
      closed_until: nullable(Time, { description: 'null: they are open again.' }),
      closed_until_before: nullable(Time),
      ...origin,
    },
    { description: 'Nothing may be dated up to that moment any more.' },
  ),
  'rule.fired': strict(
    { ...firedFields, ...origin },
    {
      description:
        'A rule found what it watches for. `freeze_hold_id` says that it froze the account.',
    },
  ),
  'read_models.differed': strict(
    {
      compared_sequence: noted(Sequence, { description: 'Event at which both were compared.' }),
      differences: Type.Array(Type.String(), {
        description: 'For people: each asset that differs, with both sides.',
      }),
      ...origin,
    },
    {
      description:
        'The tables of PostgreSQL say something else than the ledger: somebody wrote them. Make them again: `tally rebuild read-models`.',
    },
  ),
  'read_models.agreed': strict(
    {
      compared_sequence: noted(Sequence, { description: 'Event at which both were compared.' }),
      ...origin,
    },
    { description: 'They say what the ledger says again.' },
  ),
  'command.refused': strict(
    {
      operation: Type.String({ examples: ['create_transfer'] }),
      status: Type.String({
        description: 'The code of the refusal.',
        examples: ['exceeds_credits'],
      }),
      id: nullable(Id, { description: 'Of the transfer or account that was asked for.' }),
      debit_account: Type.Optional(Address),
      credit_account: Type.Optional(Address),
      amount: Type.Optional(Amount),
      account: Type.Optional(noted(Address, { description: 'Whose limit refused.' })),
      needed: Type.Optional(Amount),
      available: Type.Optional(Amount),
      limit: Type.Optional(Amount),
      ...refusedByCeiling,
      ...origin,
    },
    { description: 'The ledger refused what was asked. Told only to those who ask for this type.' },
  ),
} as const satisfies Record<string, TObject>

export type EventType = keyof typeof EVENT_DATA
export type EventData<Name extends EventType = EventType> = {
  [Each in Name]: Static<(typeof EVENT_DATA)[Each]>
}[Name]

/** In the order of the documents. */
export const EVENT_TYPES: readonly EventType[] = Object.keys(EVENT_DATA) as EventType[]

/** Types that are told only to those who name them. */
export const QUIET_TYPES: readonly EventType[] = ['command.refused']

function descriptionOf(schema: object): string {
  return String(Reflect.get(schema, 'description') ?? '')
}

function envelope<Name extends string, Data extends TObject>(type: Name, data: Data) {
  return strict(
    {
      specversion: Type.Literal('1.0'),
      id: EventId,
      source: Type.String({
        description: 'The ledger, by the id of its journal.',
        pattern: '^urn:tallystick:[0-9a-f]{32}$',
        examples: ['urn:tallystick:6f1b3c0e9a5d4b7f8c2e1d0a9b8c7d6e'],
      }),
      type: Type.Literal(type),
      subject: Type.String({
        description: 'The account, asset, or id of the transfer that it is about; `read_models`.',
      }),
      time: noted(Time, { description: 'When the ledger decided it.' }),
      datacontenttype: Type.Literal('application/json'),
      sequence: noted(Sequence, { description: 'Place in the log.' }),
      data,
    },
    { title: type, description: descriptionOf(data) },
  )
}

export type EventEnvelope<Name extends EventType> = Static<
  ReturnType<typeof envelope<Name, (typeof EVENT_DATA)[Name]>>
>
/** An event of any type, told apart by `type`. */
export type LedgerEvent = { [Name in EventType]: EventEnvelope<Name> }[EventType]

/** JSON Schema of a whole event. */
export function eventSchema(type: EventType): TObject {
  return envelope(type, EVENT_DATA[type])
}

/** The longest list of types or accounts in a filter. */
export const EVENT_FILTER_MAX = 100

export const EventsQuery = strict({
  after: Type.Optional(
    Type.String({
      description:
        'Begin behind the event with this id; `0`: with the first event of the ledger. Default: with what comes from now on. `Last-Event-ID` counts before it.',
      pattern: '^(0|(0|[1-9][0-9]{0,4})-(0|[1-9][0-9]{0,15}))$',
      examples: ['0-3'],
    }),
  ),
  type: Type.Optional(
    Type.String({
      description: `Types, with commas between them; \`hold.*\` is all that begin so, \`*\` all there are. Default: all but \`${QUIET_TYPES.join('`, `')}\`.`,
      pattern: '^[a-z_.*]+(,[a-z_.*]+)*$',
      maxLength: 2_000,
      examples: ['transfer.posted,hold.*'],
    }),
  ),
  account: Type.Optional(
    Type.String({
      description: 'Events of these accounts, on whichever side; with commas between them.',
      pattern: '^[A-Za-z0-9:._,-]+$',
      maxLength: 12_000,
      examples: ['users:1042:wallet'],
    }),
  ),
  prefix: Type.Optional(AddressPrefix),
  asset: Type.Optional(AssetText),
  reference: Type.Optional(Reference),
})
export type EventsQuery = Static<typeof EventsQuery>

export const EventsHeaders = strict({
  'last-event-id': Type.Optional(
    noted(EventId, {
      description: 'As browsers send it when they connect again: begin behind this event.',
    }),
  ),
})
