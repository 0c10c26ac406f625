/** What can be asked: conditions on fields, joined. As it came in, and as it is once it was held to the fields of a resource. */
import type { Field } from './fields.ts'

export const COMPARISONS = ['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'prefix'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** A value as SQL takes it: text, also of whole numbers and times, which are in ns. */
export type Value = string | number | boolean

export interface Condition {
  readonly kind: 'condition'
  readonly field: Field
  /** Of metadata: which of its fields; '' otherwise. */
  readonly key: string
  readonly comparison: Comparison
  /** One, but for `in`. */
  readonly values: readonly Value[]
}

export type Filter =
  | Condition
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }

/** A question that cannot be asked so; the message says why. */
export class FilterRefused extends Error {
  override readonly name = 'FilterRefused'
  /** `invalid`: it has no meaning. `no_index`: it would have to read everything. `too_slow`: it did not come to an end in time. */
  readonly reason: 'invalid' | 'no_index' | 'too_slow'
  /** Which part, like `filter.and[1].gte`. */
  readonly param: string

  constructor(reason: FilterRefused['reason'], param: string, message: string) {
    super(message)
    this.reason = reason
    this.param = param
  }
}
