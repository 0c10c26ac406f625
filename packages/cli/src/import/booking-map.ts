/** The mapping file of an import: which columns of a CSV of bookings become which accounts and transfers. */
import type { AccountFlag } from '@tallystick/contract'
import type { Template } from './template.ts'

/** An account that rows name; it is opened when it is first seen. */
export interface AccountRule {
  readonly address: Template
  /** What kind of account; default 1. */
  readonly code: number
  readonly flags: readonly AccountFlag[]
  /** Decimal text in units of the asset; default `0`. */
  readonly limit: string
  /** Only for rows whose columns have one of these values. */
  readonly when: ReadonlyMap<string, readonly string[]>
}

export type AmountRule =
  /** One column; the direction says which way. */
  | { readonly kind: 'one'; readonly column: string }
  /** One column per side; a row fills one of them. */
  | { readonly kind: 'two'; readonly credit: string; readonly debit: string }

export type DirectionRule =
  | {
      readonly kind: 'column'
      readonly column: string
      readonly credit: readonly string[]
      readonly debit: readonly string[]
    }
  /** Amounts above 0 are credits, below debits. */
  | { readonly kind: 'sign' }
  /** All rows are of one side. */
  | { readonly kind: 'always'; readonly direction: 'credit' | 'debit' }

interface NumberFormat {
  /** The decimal sign; default `.`. */
  readonly decimal: string
  /** Between groups of digits; default: none. */
  readonly grouping: string
}

export interface DateRule {
  readonly column: string
  /** Letters as in `dd.MM.yyyy HH:mm:ss`; `iso` takes RFC 3339 and ISO dates. */
  readonly format: string
  readonly timeZone: string
}

export interface CodeRule {
  readonly column: string | undefined
  readonly values: ReadonlyMap<string, number>
  readonly default: number
}

export interface BookingMap {
  /** Keeps the ids of one source apart from those of another. */
  readonly name: string
  /** Columns that together name a row. Empty: the whole row, and how often it was there before. */
  readonly id: readonly string[]
  readonly asset: Template
  readonly account: readonly AccountRule[]
  readonly counterparty: readonly AccountRule[]
  readonly amount: AmountRule
  readonly direction: DirectionRule
  readonly numbers: NumberFormat
  readonly date: DateRule | undefined
  readonly code: CodeRule
  /** Columns that are kept with the transfer, where they are not empty: name in the metadata, column. */
  readonly metadata: ReadonlyMap<string, string>
  readonly delimiter: string
}
