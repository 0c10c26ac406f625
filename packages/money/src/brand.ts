/** Nominal types: a value of one brand cannot be used where another is asked for. */

declare const BRAND: unique symbol

/** Exists for the compiler only; each brand has one constructor, which holds the only cast. */
export type Brand<Value, Name extends string> = Value & { readonly [BRAND]: Name }
