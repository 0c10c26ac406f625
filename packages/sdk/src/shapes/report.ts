/** Reports of finance, from the read models. */
import type { Address, AssetText, Moment, Time } from './values.ts'

interface Sums {
  readonly accounts: bigint
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly balance: bigint
}

/** What the caller may see, as in its grants, and all that is counted; null: everything. */
export type ReportedAddresses = readonly string[] | null

export interface BalancesReport {
  readonly object: 'balances_report'
  readonly addresses: ReportedAddresses
  /** null: now. */
  readonly at: Time | null
  readonly rows: readonly ({ readonly asset: AssetText; readonly group: string } & Sums)[]
  /** Of each asset. Over all accounts the debits are the credits. */
  readonly totals: readonly ({ readonly asset: AssetText } & Sums)[]
}

export interface BalancesReportQuery {
  /** Right after this moment; default: now. */
  readonly at?: Moment
  readonly prefix?: string
  /** Leading address segments, or `code`; default 1. */
  readonly groupBy?: number | 'code'
}

export interface TurnoverReport {
  readonly object: 'turnover_report'
  readonly addresses: ReportedAddresses
  readonly period: 'day' | 'week' | 'month'
  readonly timeZone: string
  readonly rows: readonly {
    readonly from: Time
    readonly to: Time
    readonly asset: AssetText
    readonly group: string
    readonly opening: bigint
    readonly debits: bigint
    readonly credits: bigint
    readonly closing: bigint
  }[]
}

export interface TurnoverReportQuery {
  /** Days in the time zone, like `2026-11-01`; the second no longer counts. */
  readonly from: string
  readonly to: string
  readonly period?: 'day' | 'week' | 'month'
  readonly timeZone?: string
  readonly prefix?: string
  readonly groupBy?: number | 'code'
}

export interface TopMoversReport {
  readonly object: 'top_movers_report'
  readonly addresses: ReportedAddresses
  readonly asset: AssetText
  readonly from: Time
  readonly to: Time
  readonly rows: readonly {
    readonly address: Address
    readonly debits: bigint
    readonly credits: bigint
  }[]
}

export interface TopMoversReportQuery {
  readonly asset: AssetText
  readonly from: Moment
  readonly to: Moment
  readonly prefix?: string
  readonly limit?: number
}

export interface AgedHoldsReport {
  readonly object: 'aged_holds_report'
  readonly addresses: ReportedAddresses
  readonly rows: readonly {
    readonly asset: AssetText
    /** Age in days, at least. */
    readonly days: '0' | '1' | '7' | '30'
    readonly holds: bigint
    readonly remaining: bigint
    readonly oldest: Time
  }[]
}
