/** Questions to the read models: a filter, an order, the size of a page. */
import type { Moment } from './values.ts'

type Scalar = string | number | boolean | bigint | Date

/** A field as the HTTP interface calls it, like `debit_account`, `amount`, `metadata.cart`; several comparisons hold all. */
export interface QueryCondition {
  readonly field: string
  readonly eq?: Scalar
  readonly in?: readonly Scalar[]
  readonly gt?: Moment | bigint | number
  readonly gte?: Moment | bigint | number
  readonly lt?: Moment | bigint | number
  readonly lte?: Moment | bigint | number
  /** Whole leading segments of an address. */
  readonly prefix?: string
}

export type QueryFilter =
  | QueryCondition
  | { readonly and: readonly QueryFilter[] }
  | { readonly or: readonly QueryFilter[] }
  | { readonly not: QueryFilter }

export interface RowsQuery {
  readonly filter?: QueryFilter
  /** A field, with `-` before it for the newest or last first. */
  readonly sort?: string
  /** Rows per page, 1 … 1,000. */
  readonly limit?: number
}

export interface FilteredQuery {
  /** Conditions with `;` between, all of which hold. */
  readonly filter?: string
  readonly sort?: string
  readonly limit?: number
}
