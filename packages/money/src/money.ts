/**
 * Minor units together with their currency. Two currencies known to the compiler cannot be added; two that
 * are known only at run time are asserted equal. Negative money is allowed: a difference may be one.
 */
import { assert } from './assert.ts'

export interface Money<Currency extends string = string> {
  readonly minor: bigint
  /** An asset's text, like `EUR/2`. */
  readonly currency: Currency
}

export function money<const C extends string>(minor: bigint, currency: C): Money<C> {
  return { minor, currency }
}

/** `NoInfer`: without it the compiler would widen C until both fit. */
export function plus<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  assert(a.currency === b.currency, 'money of two currencies has no sum')
  return { minor: a.minor + b.minor, currency: a.currency }
}

export function minus<C extends string>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  assert(a.currency === b.currency, 'money of two currencies has no difference')
  return { minor: a.minor - b.minor, currency: a.currency }
}
