/** The small types that everything is made of, as programs see them. */

/** Lower-case UUID text. */
export type Id = string

/** `users:1042:wallet`. */
export type Address = string

/** Code, slash, decimals: `EUR/2`. */
export type AssetText = string

/** RFC 3339 in UTC with nine decimals: a `Date` would lose the last six. */
export type Time = string

/** A moment that is asked for. */
export type Moment = Time | Date

/** Any JSON object of at most 4 KiB. */
export type Metadata = Record<string, unknown>

/** Personal data of a subject: encrypted under the subject's key, and gone once the subject is erased. At most 4 KiB. */
export interface PrivateData {
  /** Your own id of the person; never a name. */
  readonly subject: string
  readonly data: Record<string, unknown>
}

/** `missing`: the file that should hold it does not. */
export type ShownPrivate = PrivateData | 'erased' | 'missing'

/** Minor units; `balance` is credits posted − debits posted. */
export interface Balances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly balance: bigint
  /** What flag, limit and open holds still allow to be taken; null: no flag limits it. */
  readonly available: bigint | null
}

/** `exact` moves the amount or refuses; `up_to` moves at most that much, as far as limits allow. */
export type Mode = 'exact' | 'up_to'

/** What an event did. */
export type Kind = 'posted' | 'held' | 'captured' | 'voided' | 'expired' | 'reversed'

/** `exists`: the same id with the same content had been created before. */
export type Created = 'created' | 'exists'

/** Which time counts: when it was decided, or the value date. */
export type TimeAxis = 'ledger' | 'effective'

/** How a write of money is named, dated and described. */
export interface Naming {
  /** Your own id, like one of `uuidv7()`; excludes `reference`. */
  readonly id?: Id
  /** Your own name for it, unique per owner and kind: asking twice does it once. */
  readonly reference?: string
  readonly metadata?: Metadata
  readonly private?: PrivateData
  /** Value date; default: now. */
  readonly effectiveAt?: Moment
}
