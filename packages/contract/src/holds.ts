/** Holds: reserve an amount, take all or part of it, release the rest. */
import { type Static, Type } from 'typebox'
import { BalancesByAddress } from './balances.ts'
import {
  Address,
  Amount,
  AssetText,
  Code,
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
  TimeoutSeconds,
} from './scalars.ts'
import { noted, nullable, page, strict } from './schema.ts'
import { Naming } from './transfers.ts'

export const HoldStatus = Type.Enum(['pending', 'captured', 'voided', 'expired'], {
  title: 'HoldStatus',
  description:
    '`captured` once nothing is held and anything was captured; `voided` and `expired` holds show what was captured before.',
})
export type HoldStatus = Static<typeof HoldStatus>

const closesDebit = Type.Boolean({
  description: 'Close the debit account while the hold is open.',
  default: false,
})
const closesCredit = Type.Boolean({
  description: 'Close the credit account while the hold is open.',
  default: false,
})

export const Hold = strict(
  {
    object: Type.Literal('hold'),
    id: Id,
    status: HoldStatus,
    debit_account: Address,
    credit_account: Address,
    held: noted(Amount, { description: 'Reserved at first.' }),
    captured: noted(Amount, { description: 'Taken so far.' }),
    remaining: noted(Amount, { description: 'Still reserved.' }),
    requested_amount: Type.Optional(
      noted(Amount, { description: 'Asked for, where it is not what was held (`mode: up_to`).' }),
    ),
    asset: AssetText,
    code: Code,
    timeout_seconds: nullable(Type.Integer({ minimum: 1 })),
    expires_at: nullable(Time, { description: 'When it is released by itself; null = never.' }),
    close_debit_account: Type.Optional(closesDebit),
    close_credit_account: Type.Optional(closesCredit),
    metadata: Metadata,
    private: Type.Optional(ShownPrivate),
    effective_at: Time,
    timestamp: noted(Time, { description: 'When the ledger decided the hold.' }),
    sequence: noted(Sequence, { description: 'Of the hold itself.' }),
    request_id: noted(RequestId, { description: 'The request that made the hold.' }),
    reference: Type.Optional(noted(Reference, { description: 'As asked.' })),
    transfer_id: Type.Optional(
      noted(Id, { description: 'In answers to capture and void: the transfer that did it.' }),
    ),
    balances: BalancesByAddress,
    dry_run: Type.Optional(DryRun),
  },
  { title: 'Hold' },
)
export type Hold = Static<typeof Hold>

export const CreateHold = strict(
  {
    debit_account: Address,
    credit_account: Address,
    amount: noted(Amount, { description: 'Minor units, above 0.' }),
    asset: AssetText,
    code: Type.Optional(CodeOrDefault),
    timeout_seconds: Type.Optional(TimeoutSeconds),
    mode: Type.Optional(Mode),
    open_missing: Type.Optional(OpenMissing),
    close_debit_account: Type.Optional(closesDebit),
    close_credit_account: Type.Optional(closesCredit),
    ...Naming,
  },
  { title: 'CreateHold' },
)
export type CreateHold = Static<typeof CreateHold>

export const CaptureHold = strict(
  {
    amount: Type.Optional(
      noted(Amount, { description: 'At most what remains; default: all that remains.' }),
    ),
    final: Type.Optional(
      Type.Boolean({
        description:
          '`true` releases what is not captured; `false` keeps it held, and needs an `Idempotency-Key`, a `reference` or an `id`.',
        default: true,
      }),
    ),
    ...Naming,
  },
  { title: 'CaptureHold' },
)
export type CaptureHold = Static<typeof CaptureHold>

export const VoidHold = strict({ ...Naming }, { title: 'VoidHold' })
export type VoidHold = Static<typeof VoidHold>

export const HoldList = page(Hold, 'HoldList')
export type HoldList = Static<typeof HoldList>
