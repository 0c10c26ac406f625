/** Arithmetic on u128 that lie in a `BigUint64Array` as a lower and an upper limb, without making an object. */

/** u128 `into[at]` plus `from[f]`, modulo 2^128; limits and overflow have been checked. */
export function add(into: BigUint64Array, at: number, from: BigUint64Array, f: number): void {
  const low = BigInt.asUintN(64, (into[at] as bigint) + (from[f] as bigint))
  const carry = low < (from[f] as bigint) ? 1n : 0n
  into[at] = low
  into[at + 1] = BigInt.asUintN(64, (into[at + 1] as bigint) + (from[f + 1] as bigint) + carry)
}

/** u128 `into[at]` minus `from[f]`, which is not more. */
export function subtract(into: BigUint64Array, at: number, from: BigUint64Array, f: number): void {
  const borrow = (into[at] as bigint) < (from[f] as bigint) ? 1n : 0n
  into[at] = BigInt.asUintN(64, (into[at] as bigint) - (from[f] as bigint))
  into[at + 1] = BigInt.asUintN(64, (into[at + 1] as bigint) - (from[f + 1] as bigint) - borrow)
}

/** A u128 as one bigint. It allocates: for the rare ways only. */
export function big(words: BigUint64Array, at: number): bigint {
  return ((words[at + 1] as bigint) << 64n) | (words[at] as bigint)
}

export function setBig(words: BigUint64Array, at: number, value: bigint): void {
  words[at] = BigInt.asUintN(64, value)
  words[at + 1] = BigInt.asUintN(64, value >> 64n)
}
