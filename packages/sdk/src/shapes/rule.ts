/** Rules. */
import type { Address, AssetText, Id, Moment, Time } from './values.ts'

/** What the account gives, what it gets, or both. */
export type RuleDirection = 'debit' | 'credit' | 'both'

export type RuleKind =
  | 'balance'
  | 'running_out'
  | 'hold_deadline'
  | 'velocity'
  | 'new_counterparty'
  | 'limit_used'

export interface BalanceRule {
  readonly kind: 'balance'
  /** What was posted, or what may still be used. */
  readonly of: 'balance' | 'available'
  readonly is: 'below' | 'above'
  readonly threshold: bigint
  /** It fires again only after it came back to this. Default: the threshold. */
  readonly rearm?: bigint
}

export interface RunningOutRule {
  readonly kind: 'running_out'
  readonly withinDays: number
  /** The rate is what went out in so many days. */
  readonly overDays: number
}

export interface HoldDeadlineRule {
  readonly kind: 'hold_deadline'
  readonly beforeSeconds: number
}

export interface VelocityRule {
  readonly kind: 'velocity'
  readonly measure: 'count' | 'sum' | 'counterparties'
  readonly direction: RuleDirection
  readonly overSeconds: number
  readonly above: bigint
}

export interface NewCounterpartyRule {
  readonly kind: 'new_counterparty'
  readonly direction: RuleDirection
  readonly amountFrom: bigint
  /** Whom the account dealt with in this time is not new. */
  readonly overSeconds: number
  /** So long after it was put it only learns who is known. */
  readonly learnSeconds?: number
}

export interface LimitUsedRule {
  readonly kind: 'limit_used'
  readonly of: 'account' | 'subtree'
  readonly percent: number
  readonly rearmPercent?: number
}

export type RuleWhen =
  | BalanceRule
  | RunningOutRule
  | HoldDeadlineRule
  | VelocityRule
  | NewCounterpartyRule
  | LimitUsedRule

export interface PutRule {
  readonly description?: string
  readonly enabled?: boolean
  /** `*`, `partners:acme:*`, `partners:acme`. */
  readonly addresses: readonly string[]
  /** null: of any, for rules that know no amounts. */
  readonly asset?: AssetText | null
  /** `freeze`: a hold closes the account until somebody voids it. */
  readonly action?: 'event' | 'freeze' | 'demand_approval'
  readonly when: RuleWhen
}

export interface Rule {
  readonly object: 'rule'
  readonly id: string
  readonly version: number
  /** Who put this version. */
  readonly owner: string
  readonly description: string
  readonly enabled: boolean
  readonly addresses: readonly string[]
  readonly asset: AssetText | null
  readonly action: 'event' | 'freeze'
  readonly when: RuleWhen
  readonly putAt: Time
  /** Of all its versions. */
  readonly firings?: bigint
  /** Beyond 1,000 in an hour, since the last that was recorded. */
  readonly suppressed?: bigint
  /** Accounts whose window it had to forget. */
  readonly forgotten?: bigint
  readonly dryRun?: true
}

export interface RemovedRule {
  readonly object: 'rule'
  readonly id: string
  readonly removed: true
  readonly dryRun?: true
}

interface Fired {
  readonly rule: string
  readonly version: number
  readonly kind: RuleKind
  readonly account: Address
  readonly counterparty: Address | null
  /** What was measured: an amount, a count, seconds until the balance is gone, what is still held. */
  readonly measured: bigint
  readonly threshold: bigint
  /** Of the event at which it fired. */
  readonly sequence: bigint
  /** Of the hold that is near its deadline. */
  readonly holdSequence: bigint | null
}

/** What a firing and its event say. */
export interface FiredData extends Fired {
  readonly firingId: Id
  /** The hold that closes the account: its void opens it again. */
  readonly freezeHoldId: Id | null
  readonly suppressed: bigint
}

export interface Firing extends FiredData {
  readonly object: 'firing'
  readonly firedAt: Time
  readonly recordedAt: Time
}

export interface TriedFiring extends Fired {
  readonly object: 'firing'
  readonly firedAt: Time
}

export interface BacktestQuery {
  /** As if it had been put right before. Default: before the first event. */
  readonly from?: Moment
  /** Default: now. */
  readonly to?: Moment
}

export interface Backtest {
  readonly object: 'backtest'
  readonly rule: string
  /** null: what was sent. */
  readonly version: number | null
  readonly from: Time | null
  readonly to: Time
  /** Whether all of it was read in the time that there is for it. */
  readonly complete: boolean
  readonly events: bigint
  readonly through: Time | null
  /** All of them; `data` has the first 1,000. */
  readonly firings: bigint
  readonly accounts: bigint
  readonly byDay: readonly { readonly day: string; readonly firings: bigint }[]
  readonly data: readonly TriedFiring[]
}
