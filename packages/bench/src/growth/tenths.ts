/** The rate of each tenth of a run, from when its requests were answered. */
import { assert } from '@tallystick/money'

const TENTHS = 10

/** Items per second of each tenth. @param answeredAt ms, rising. */
export function tenths(answeredAt: Float64Array, itemsPerRequest: number): number[] {
  assert(answeredAt.length >= TENTHS, 'a tenth has at least one request')
  let begun = 0
  let from = 0
  return Array.from({ length: TENTHS }, (_, tenth) => {
    const end = Math.floor(((tenth + 1) * answeredAt.length) / TENTHS)
    const until = answeredAt[end - 1] ?? 0
    const rate = ((end - from) * itemsPerRequest * 1_000) / (until - begun)
    begun = until
    from = end
    return rate
  })
}
