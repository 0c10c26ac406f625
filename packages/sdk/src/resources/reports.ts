/** Reports of finance. Each also as CSV: the same with `Csv`. */
import type { ReadOptions } from '../options.ts'
import type {
  AgedHoldsReport,
  BalancesReport,
  BalancesReportQuery,
  TopMoversReport,
  TopMoversReportQuery,
  TurnoverReport,
  TurnoverReportQuery,
} from '../shapes/report.ts'
import { Resource } from './resource.ts'

export class Reports extends Resource {
  /** Trial balance, and balances by address segments or code, at any moment. */
  balances(query: BalancesReportQuery = {}, options: ReadOptions = {}): Promise<BalancesReport> {
    return this.read('/v1/reports/balances', query, options)
  }
  balancesCsv(query: BalancesReportQuery = {}, options: ReadOptions = {}): Promise<string> {
    return this.#csv('balances', query, options)
  }

  /** Opening, debits, credits and closing by day, week or month of a time zone. */
  turnover(query: TurnoverReportQuery, options: ReadOptions = {}): Promise<TurnoverReport> {
    return this.read('/v1/reports/turnover', query, options)
  }
  turnoverCsv(query: TurnoverReportQuery, options: ReadOptions = {}): Promise<string> {
    return this.#csv('turnover', query, options)
  }

  /** Accounts of one asset by how much was posted to them. */
  topMovers(query: TopMoversReportQuery, options: ReadOptions = {}): Promise<TopMoversReport> {
    return this.read('/v1/reports/top-movers', query, options)
  }
  topMoversCsv(query: TopMoversReportQuery, options: ReadOptions = {}): Promise<string> {
    return this.#csv('top-movers', query, options)
  }

  /** Open holds by age. */
  agedHolds(options: ReadOptions = {}): Promise<AgedHoldsReport> {
    return this.read('/v1/reports/aged-holds', {}, options)
  }
  agedHoldsCsv(options: ReadOptions = {}): Promise<string> {
    return this.#csv('aged-holds', {}, options)
  }

  #csv(report: string, query: object, options: ReadOptions): Promise<string> {
    const path = `/v1/reports/${report}`
    const call = { method: 'GET', path, query: { ...query, format: 'csv' }, options } as const
    return this.transport.text(call, 'text/csv')
  }
}
