/** Transfers: one debit and one credit; also increments and decrements, and reversals. */
import { type Static, Type } from 'typebox'
import { BalancesByAddress } from './balances.ts'
import {
  Address,
  Amount,
  AssetText,
  Code,
  CodeOrDefault,
  Cursor,
  DryRun,
  EffectiveAt,
  Id,
  Metadata,
  Mode,
  OpenMissing,
  PageLimit,
  PrivateData,
  Reference,
  RequestId,
  Sequence,
  ShownPrivate,
  Time,
} from './scalars.ts'
import { RowsParameters } from './queries.ts'
import { noted, nullable, page, strict } from './schema.ts'

/** What the event did; the same words for transfers and for entries. */
export const Kind = Type.Enum(['posted', 'held', 'captured', 'voided', 'expired', 'reversed'], {
  title: 'Kind',
  description:
    '`posted` moved money; `held` reserved it; `captured` took it from a hold; `voided` and `expired` released a hold; `reversed` moved money back.',
})
export type Kind = Static<typeof Kind>

/** `exists`: the same id with the same content was there before; nothing happened now. */
export const Created = Type.Enum(['created', 'exists'], {
  title: 'Created',
  description: '`exists`: the same id with the same content had been created before.',
})
export type Created = Static<typeof Created>

export const Transfer = strict(
  {
    object: Type.Literal('transfer'),
    id: Id,
    status: Created,
    debit_account: Address,
    credit_account: Address,
    amount: noted(Amount, { description: 'What was moved, held or released, minor units.' }),
    requested_amount: Type.Optional(
      noted(Amount, {
        description: 'What was asked for, where it is not what was moved (`mode: up_to`).',
      }),
    ),
    asset: AssetText,
    code: Code,
    kind: Kind,
    pending_id: nullable(Id, {
      description:
        'The hold that it captured, voided or released, or the transfer that it reversed.',
    }),
    timeout_seconds: nullable(Type.Integer({ minimum: 1 })),
    metadata: Metadata,
    private: Type.Optional(ShownPrivate),
    effective_at: noted(Time, { description: 'Value date: as asked, or the timestamp.' }),
    timestamp: noted(Time, { description: 'When the ledger decided it.' }),
    sequence: Sequence,
    request_id: RequestId,
    reference: Type.Optional(
      noted(Reference, { description: 'As asked; left out when there is none.' }),
    ),
    reversed_amount: Type.Optional(
      noted(Amount, {
        description: 'How much of it was reversed so far; left out while that is nothing.',
      }),
    ),
    balances: BalancesByAddress,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Transfer' },
)
export type Transfer = Static<typeof Transfer>

/** Fields that every write of money has: how it is named, dated and described. */
export const Naming = {
  id: Type.Optional(
    noted(Id, {
      description: 'Your own id in place of one that the server makes. Excludes `reference`.',
    }),
  ),
  reference: Type.Optional(Reference),
  metadata: Type.Optional(Metadata),
  private: Type.Optional(PrivateData),
  effective_at: Type.Optional(EffectiveAt),
}

export const CreateTransfer = strict(
  {
    debit_account: noted(Address, { description: 'Gives: its debits grow, its balance falls.' }),
    credit_account: noted(Address, {
      description: 'Receives: its credits grow, its balance rises.',
    }),
    amount: noted(Amount, { description: 'Minor units, above 0.' }),
    asset: AssetText,
    code: Type.Optional(CodeOrDefault),
    mode: Type.Optional(Mode),
    open_missing: Type.Optional(OpenMissing),
    ...Naming,
  },
  { title: 'CreateTransfer' },
)
export type CreateTransfer = Static<typeof CreateTransfer>

/** Body of `/increments` and `/decrements`; the account is in the path. */
export const ChangeBalance = strict(
  {
    amount: noted(Amount, { description: 'Minor units, above 0.' }),
    asset: Type.Optional(
      noted(AssetText, {
        description: 'The account’s own asset; another one is refused.',
      }),
    ),
    counterparty: Type.Optional(
      noted(Address, {
        description: 'Where the money comes from or goes to.',
        default: 'world',
      }),
    ),
    code: Type.Optional(CodeOrDefault),
    mode: Type.Optional(Mode),
    open_missing: Type.Optional(OpenMissing),
    ...Naming,
  },
  { title: 'ChangeBalance' },
)
export type ChangeBalance = Static<typeof ChangeBalance>

export const ReverseTransfer = strict(
  {
    amount: Type.Optional(
      noted(Amount, {
        description: 'Part of the transfer, minor units; default: all that was not reversed yet.',
      }),
    ),
    code: Type.Optional(noted(Code, { description: 'Default: the code of the transfer.' })),
    ...Naming,
  },
  { title: 'ReverseTransfer' },
)
export type ReverseTransfer = Static<typeof ReverseTransfer>

export const IdParams = strict({ id: Id })
export type IdParams = Static<typeof IdParams>

export const ReferenceQuery = strict({ reference: Reference })

/** By a reference, or by a filter. */
export const FoundQuery = strict({
  reference: Type.Optional(Reference),
  ...RowsParameters.properties,
})
export type FoundQuery = Static<typeof FoundQuery>
export type ReferenceQuery = Static<typeof ReferenceQuery>

export const TransferList = page(Transfer, 'TransferList')
export type TransferList = Static<typeof TransferList>

/** Something that happened to a transfer later. */
export const LaterEvent = strict(
  {
    object: Type.Literal('transfer_event'),
    kind: Type.Enum(['captured', 'voided', 'expired', 'reversed'], { title: 'LaterKind' }),
    transfer_id: nullable(Id, {
      description: 'The capture, void or reversal; null: the hold expired by itself.',
    }),
    amount: noted(Amount, { description: 'Captured, released or moved back by it.' }),
    total: noted(Amount, { description: 'Captured or moved back in all, this included.' }),
    remaining: noted(Amount, { description: 'Still held; of what moved: not moved back yet.' }),
    timestamp: Time,
    sequence: Sequence,
    request_id: nullable(RequestId, { description: 'null: nobody asked for an expiry.' }),
  },
  { title: 'TransferEvent' },
)
export type LaterEvent = Static<typeof LaterEvent>

export const LaterEventsQuery = strict({
  limit: Type.Optional(PageLimit),
  cursor: Type.Optional(Cursor),
})
export type LaterEventsQuery = Static<typeof LaterEventsQuery>

export const LaterEventList = page(LaterEvent, 'TransferEventList')
export type LaterEventList = Static<typeof LaterEventList>
