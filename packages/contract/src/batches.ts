/** Batches: thousands of commands in one request, each with its own status, or all or nothing. */
import { type Static, Type } from 'typebox'
import { refusedByCeiling } from './ceilings.ts'
import { ChangeAccount, CreateAccount } from './accounts.ts'
import { RegisterAsset } from './assets.ts'
import { BalancesByAddress } from './balances.ts'
import { CloseBooks } from './books.ts'
import { CaptureHold, CreateHold, VoidHold } from './holds.ts'
import { BATCH_COMMANDS_MAX } from './limits.ts'
import { Address, Amount, DryRun, Id, RequestId, Sequence, Time } from './scalars.ts'
import { noted, nullable, strict } from './schema.ts'
import { CreateTransaction } from './transactions.ts'
import { CreateTransfer, ReverseTransfer } from './transfers.ts'

const account = Address
const hold = noted(Id, { description: 'The hold.' })
const transfer = noted(Id, { description: 'The transfer to take back.' })

/** Every command of a batch: what the resource's own route takes, with `operation` and what its path would name. */
export const BatchCommands = {
  create_account: strict(
    { operation: Type.Literal('create_account'), ...CreateAccount.properties },
    { title: 'BatchCreateAccount' },
  ),
  change_account: strict(
    { operation: Type.Literal('change_account'), account, ...ChangeAccount.properties },
    { title: 'BatchChangeAccount', minProperties: 3 },
  ),
  close_account: strict(
    { operation: Type.Literal('close_account'), account },
    { title: 'BatchCloseAccount' },
  ),
  reopen_account: strict(
    { operation: Type.Literal('reopen_account'), account },
    { title: 'BatchReopenAccount' },
  ),
  create_transfer: strict(
    { operation: Type.Literal('create_transfer'), ...CreateTransfer.properties },
    { title: 'BatchCreateTransfer' },
  ),
  reverse_transfer: strict(
    { operation: Type.Literal('reverse_transfer'), transfer, ...ReverseTransfer.properties },
    { title: 'BatchReverseTransfer' },
  ),
  create_transaction: strict(
    { operation: Type.Literal('create_transaction'), ...CreateTransaction.properties },
    { title: 'BatchCreateTransaction' },
  ),
  create_hold: strict(
    { operation: Type.Literal('create_hold'), ...CreateHold.properties },
    { title: 'BatchCreateHold' },
  ),
  capture_hold: strict(
    { operation: Type.Literal('capture_hold'), hold, ...CaptureHold.properties },
    { title: 'BatchCaptureHold' },
  ),
  void_hold: strict(
    { operation: Type.Literal('void_hold'), hold, ...VoidHold.properties },
    { title: 'BatchVoidHold' },
  ),
  register_asset: strict(
    { operation: Type.Literal('register_asset'), ...RegisterAsset.properties },
    { title: 'BatchRegisterAsset' },
  ),
  close_books: strict(
    { operation: Type.Literal('close_books'), ...CloseBooks.properties },
    { title: 'BatchCloseBooks', minProperties: 3, maxProperties: 3 },
  ),
} as const
export type BatchOperation = keyof typeof BatchCommands

/** For documents and types; whoever validates picks the schema by `operation` first, for a better message. */
export const BatchCommand = Type.Union(
  [
    BatchCommands.create_account,
    BatchCommands.change_account,
    BatchCommands.close_account,
    BatchCommands.reopen_account,
    BatchCommands.create_transfer,
    BatchCommands.reverse_transfer,
    BatchCommands.create_transaction,
    BatchCommands.create_hold,
    BatchCommands.capture_hold,
    BatchCommands.void_hold,
    BatchCommands.register_asset,
    BatchCommands.close_books,
  ],
  { title: 'BatchCommand', discriminator: { propertyName: 'operation' } },
)
export type BatchCommand = Static<typeof BatchCommand>

export const CreateBatch = strict(
  {
    atomic: Type.Optional(
      Type.Boolean({ description: 'All or nothing, and a smaller maximum.', default: false }),
    ),
    commands: Type.Array(BatchCommand, {
      minItems: 1,
      maxItems: BATCH_COMMANDS_MAX,
      description: 'Decided in this order: later ones see what earlier ones did.',
    }),
  },
  { title: 'CreateBatch' },
)
export type CreateBatch = Static<typeof CreateBatch>

export const BatchQuery = strict({
  atomic: Type.Optional(
    Type.Boolean({ description: 'For NDJSON, which has no place for it.', default: false }),
  ),
  balances: Type.Optional(
    Type.Boolean({
      description: 'Whether the answer carries the resulting balances.',
      default: true,
    }),
  ),
})
export type BatchQuery = Static<typeof BatchQuery>

export const BatchResult = strict(
  {
    index: Type.Integer({ description: 'Place in `commands`, from 0.', minimum: 0 }),
    status: Type.String({
      description: '`created`, `changed`, `exists`, or the code of the refusal, as in problems.',
      examples: ['created', 'exceeds_credits'],
    }),
    id: nullable(Id, { description: 'Of the account, transfer, transaction or hold.' }),
    amount: Type.Optional(
      noted(Amount, { description: 'Moved or held, where `mode` is `up_to`.' }),
    ),
    sequence: Sequence,
    timestamp: Time,
    account: Type.Optional(noted(Address, { description: 'Whose limit refused.' })),
    needed: Type.Optional(Amount),
    available: Type.Optional(Amount),
    limit: Type.Optional(Amount),
    ...refusedByCeiling,
  },
  { title: 'BatchResult' },
)
export type BatchResult = Static<typeof BatchResult>

/** What the answer has besides the results; the last line of an NDJSON answer is this alone. */
const summary = {
  object: Type.Literal('batch'),
  atomic: Type.Boolean(),
  count: Type.Integer({ description: 'Commands.', minimum: 0 }),
  refused: Type.Integer({ description: 'Of them refused; the others are done.', minimum: 0 }),
  request_id: RequestId,
  balances: Type.Optional(BalancesByAddress),
  dry_run: Type.Optional(DryRun),
}

export const BatchSummary = strict(summary, { title: 'BatchSummary' })
export type BatchSummary = Static<typeof BatchSummary>

export const Batch = strict(
  { ...summary, results: Type.Array(BatchResult, { description: 'One per command, in order.' }) },
  { title: 'Batch' },
)
export type Batch = Static<typeof Batch>
