/** Transactions: many postings over several assets, all or nothing. */
import { type Static, Type } from 'typebox'
import { BalancesByAddress } from './balances.ts'
import { POSTINGS_MAX } from './limits.ts'
import {
  Address,
  Amount,
  AssetText,
  CodeOrDefault,
  DryRun,
  Id,
  Metadata,
  Mode,
  OpenMissing,
  Reference,
  RequestId,
  Sequence,
  ShownPrivate,
  Time,
} from './scalars.ts'
import { noted, page, strict } from './schema.ts'
import { Created, Naming, Transfer } from './transfers.ts'

export const Posting = strict(
  {
    source: noted(Address, { description: 'Gives.' }),
    destination: noted(Address, { description: 'Receives.' }),
    amount: noted(Amount, { description: 'Minor units, above 0.' }),
    asset: AssetText,
    code: Type.Optional(CodeOrDefault),
    mode: Type.Optional(Mode),
    metadata: Type.Optional(
      noted(Metadata, {
        description: 'Of this posting; default: the metadata of the transaction.',
      }),
    ),
  },
  { title: 'Posting' },
)
export type Posting = Static<typeof Posting>

export const CreateTransaction = strict(
  {
    postings: Type.Array(Posting, {
      minItems: 1,
      maxItems: POSTINGS_MAX,
      description: 'Decided in this order: later ones see what earlier ones did.',
    }),
    open_missing: Type.Optional(OpenMissing),
    ...Naming,
  },
  { title: 'CreateTransaction' },
)
export type CreateTransaction = Static<typeof CreateTransaction>

export const ReverseTransaction = strict(
  { ...Naming },
  {
    title: 'ReverseTransaction',
    description:
      'Takes back what is left of every posting, all or nothing. For a part, reverse one of its transfers.',
  },
)
export type ReverseTransaction = Static<typeof ReverseTransaction>

export const Transaction = strict(
  {
    object: Type.Literal('transaction'),
    id: Id,
    status: Created,
    transfers: Type.Array(Type.Omit(Transfer, ['balances', 'dry_run']), {
      description: 'One per posting, in order.',
    }),
    reverses: Type.Optional(
      noted(Id, { description: 'The transaction that this one takes back.' }),
    ),
    metadata: Metadata,
    private: Type.Optional(ShownPrivate),
    effective_at: Time,
    timestamp: noted(Time, { description: 'When its first posting was decided.' }),
    sequence: noted(Sequence, { description: 'Sequence of its first posting.' }),
    request_id: RequestId,
    reference: Type.Optional(noted(Reference, { description: 'As asked.' })),
    balances: BalancesByAddress,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Transaction' },
)
export type Transaction = Static<typeof Transaction>

export const TransactionList = page(Transaction, 'TransactionList')
export type TransactionList = Static<typeof TransactionList>
