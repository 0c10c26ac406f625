/** Events: CloudEvents 1.0, told apart by `type`. */
import type { FiredData } from './rule.ts'
import type { Address, AssetText, Id, Metadata, Time } from './values.ts'

/** Right after the event. */
export interface EventBalances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly balance: bigint
}

export interface EventSide {
  readonly account: Address
  /** Number of the account's entry, from 1, without a gap. */
  readonly number?: bigint
  readonly balances?: EventBalances
}

interface Origin {
  /** null: nobody asked, as when a hold expires. */
  readonly requestId: string | null
  readonly reference?: string
}

interface Written {
  readonly metadata: Metadata
  /** There is personal data with it: no event carries that. */
  readonly private?: 'withheld'
}

export interface MovedData extends Origin, Written {
  readonly transferId: Id
  readonly debit: EventSide
  readonly credit: EventSide
  /** Moved, held or released by it. */
  readonly amount: bigint
  readonly asset: AssetText
  readonly code: number
  /** Value date. */
  readonly effectiveAt: Time
}

export interface ReversedData extends MovedData {
  readonly reversesId: Id
  /** Of that transfer so far, this included. */
  readonly reversed: bigint
}

export interface HeldData extends MovedData {
  /** null: never. */
  readonly expiresAt: Time | null
  /** Accounts that are closed while it is open. */
  readonly closes: readonly Address[]
}

export interface OfHoldData extends MovedData {
  readonly holdId: Id
  /** Of the hold so far, this included. */
  readonly captured: bigint
  /** Still held. */
  readonly remaining: bigint
}

interface OfAccount extends Origin {
  readonly account: Address
  readonly accountId: Id
  readonly asset: AssetText
}

export interface OpenedData extends OfAccount, Written {
  readonly code: number
  readonly flags: readonly ('debits_must_not_exceed_credits' | 'credits_must_not_exceed_debits')[]
  readonly parent: Address | null
  readonly limit: bigint
  readonly subtreeLimit: bigint | null
}

/** What was not changed is left out. */
export interface LimitsChangedData extends OfAccount {
  readonly limit?: bigint
  readonly limitBefore?: bigint
  readonly subtreeLimit?: bigint | null
  readonly subtreeLimitBefore?: bigint | null
}

export interface AccountMetadataChangedData extends OfAccount, Written {}

export interface AssetRegisteredData extends Origin {
  readonly asset: AssetText
}

export interface BooksClosedData extends Origin {
  readonly asset: AssetText | null
  /** With all below it. */
  readonly account: Address | null
  /** null: they are open again. */
  readonly closedUntil: Time | null
  readonly closedUntilBefore: Time | null
}

export interface ReadModelsAgreedData extends Origin {
  /** Event at which the tables and the ledger were compared. */
  readonly comparedSequence: bigint
}

export interface ReadModelsDifferedData extends ReadModelsAgreedData {
  /** For people. */
  readonly differences: readonly string[]
}

export interface RefusedData extends Origin {
  readonly operation: string
  /** The code of the refusal. */
  readonly status: string
  readonly id: Id | null
  readonly debitAccount?: Address
  readonly creditAccount?: Address
  readonly amount?: bigint
  /** Whose limit refused. */
  readonly account?: Address
  readonly needed?: bigint
  readonly available?: bigint
  readonly limit?: bigint
  /** Which ceiling refused, and when it is whole again. */
  readonly ceiling?: string
  readonly resetsAt?: Time
}

/** A rule found what it watches for. */
export interface RuleFiredData extends FiredData, Origin {}

export interface EventDataByType {
  readonly 'account.opened': OpenedData
  readonly 'account.limits_changed': LimitsChangedData
  readonly 'account.metadata_changed': AccountMetadataChangedData
  readonly 'account.closed': OfAccount
  readonly 'account.reopened': OfAccount
  readonly 'transfer.posted': MovedData
  readonly 'transfer.reversed': ReversedData
  readonly 'hold.created': HeldData
  readonly 'hold.captured': OfHoldData
  readonly 'hold.voided': OfHoldData
  readonly 'hold.expired': OfHoldData
  readonly 'asset.registered': AssetRegisteredData
  readonly 'books.closed': BooksClosedData
  readonly 'rule.fired': RuleFiredData
  readonly 'read_models.differed': ReadModelsDifferedData
  readonly 'read_models.agreed': ReadModelsAgreedData
  readonly 'command.refused': RefusedData
}

export type EventType = keyof EventDataByType

interface Envelope<Type extends EventType> {
  readonly specversion: '1.0'
  /** A function of the fact; opaque. Give it as `after` to go on behind it. */
  readonly id: string
  /** The ledger. */
  readonly source: string
  readonly type: Type
  /** The account, asset, or id of the transfer or hold that it is about; `read_models`. */
  readonly subject: string
  readonly time: Time
  readonly datacontenttype: 'application/json'
  /** Place in the log. */
  readonly sequence: bigint
  readonly data: EventDataByType[Type]
}

export type LedgerEvent = { [Type in EventType]: Envelope<Type> }[EventType]
