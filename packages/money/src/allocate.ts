/** The only division of money. What does not divide evenly is given away, never dropped. */
import { assert } from './assert.ts'

/**
 * Splits `total` in proportion to `weights`; the shares always sum up to `total`. Units left over by
 * rounding down go one each to the shares that lost most by it, on a tie to the earlier one: 100 over
 * 1:1:1 is 34, 33, 33, and over 1:2 is 33, 67. A weight of zero gets nothing. A negative total is split
 * like the positive one with every sign turned, so that a refund takes back exactly what was given.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  assert(
    weights.every((weight) => weight >= 0n),
    'a weight is not negative',
  )
  const sum = weights.reduce((a, b) => a + b, 0n)
  assert(sum > 0n, 'one weight at least is above zero')
  if (total < 0n) return allocateLargestRemainder(-total, weights, sum).map((share) => -share)
  return allocateLargestRemainder(total, weights, sum)
}

function allocateLargestRemainder(
  total: bigint,
  weights: readonly bigint[],
  sum: bigint,
): bigint[] {
  const shares = weights.map((weight) => (total * weight) / sum)
  const remainders = weights.map((weight) => (total * weight) % sum)
  const leftOver = Number(shares.reduce((rest, share) => rest - share, total))
  const winners = new Set(indexesByLargest(remainders).slice(0, leftOver))
  return shares.map((share, index) => (winners.has(index) ? share + 1n : share))
}

/** Ties stay in order: `sort` is stable. */
function indexesByLargest(values: readonly bigint[]): number[] {
  return values
    .map((value, index) => ({ value, index }))
    .sort((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1))
    .map(({ index }) => index)
}
