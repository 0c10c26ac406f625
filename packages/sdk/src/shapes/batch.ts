/** Batches: commands, and a result for each. */
import type { ChangeAccount, CreateAccount } from './account.ts'
import type { CloseBooks, RegisterAsset } from './administration.ts'
import type {
  CaptureHold,
  CreateHold,
  CreateTransaction,
  CreateTransfer,
  ReverseTransfer,
} from './movement.ts'
import type { Address, Balances, Id, Naming, Time } from './values.ts'

export type BatchCommand =
  | ({ readonly operation: 'create_account' } & CreateAccount)
  | ({ readonly operation: 'change_account'; readonly account: Address } & ChangeAccount)
  | { readonly operation: 'close_account'; readonly account: Address }
  | { readonly operation: 'reopen_account'; readonly account: Address }
  | ({ readonly operation: 'create_transfer' } & CreateTransfer)
  | ({ readonly operation: 'reverse_transfer'; readonly transfer: Id } & ReverseTransfer)
  | ({ readonly operation: 'create_transaction' } & CreateTransaction)
  | ({ readonly operation: 'create_hold' } & CreateHold)
  | ({ readonly operation: 'capture_hold'; readonly hold: Id } & CaptureHold)
  | ({ readonly operation: 'void_hold'; readonly hold: Id } & Naming)
  | ({ readonly operation: 'register_asset' } & RegisterAsset)
  | ({ readonly operation: 'close_books' } & CloseBooks)

export interface BatchResult {
  /** Place in the commands, from 0. */
  readonly index: number
  /** `created`, `changed`, `exists`, or the code of the refusal. */
  readonly status: string
  readonly id: Id | null
  readonly amount?: bigint
  readonly sequence: bigint
  readonly timestamp: Time
  /** This and the next three of a refusal by a limit. */
  readonly account?: Address
  readonly needed?: bigint
  readonly available?: bigint
  readonly limit?: bigint
  /** Which ceiling refused, and when it is whole again. */
  readonly ceiling?: string
  readonly resetsAt?: Time
}

export interface Batch {
  readonly object: 'batch'
  readonly atomic: boolean
  readonly count: number
  readonly refused: number
  readonly requestId: string
  readonly balances?: Readonly<Record<Address, Balances>>
  readonly dryRun?: true
  /** One per command, in order. */
  readonly results: readonly BatchResult[]
}

/** Commands that a packed batch can carry: those that need to know nothing but themselves. They take no reference. */
export type PackableCommand =
  | ({ readonly operation: 'create_account' } & CreateAccount)
  | ({
      readonly operation: 'create_transfer'
      readonly linked?: boolean
    } & Packable<CreateTransfer>)
  | ({ readonly operation: 'create_hold'; readonly linked?: boolean } & Packable<CreateHold>)
  | ({
      readonly operation: 'capture_hold'
      readonly hold: Id
      readonly linked?: boolean
    } & Packable<CaptureHold>)
  | ({
      readonly operation: 'void_hold'
      readonly hold: Id
      readonly linked?: boolean
    } & Packable<Naming>)

type Packable<Command> = Omit<Command, 'reference' | 'openMissing'>

export interface PackedResult {
  readonly status: string
  readonly id: Id
  readonly sequence: bigint
  readonly timestamp: Time
}

export interface PackedBatch {
  /** One per command, in order. */
  readonly results: readonly PackedResult[]
  readonly refused: number
  /** Whether it is the first answer again. */
  readonly replayed: boolean
}
