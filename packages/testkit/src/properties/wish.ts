/**
 * Histories that fast-check makes up: wishes, which become commands only when the books are known (`realize.ts`).
 * A wish is made of small numbers, so that what fails shrinks to a short history of small amounts.
 */
import fc from 'fast-check'

const KINDS = {
  transfer: 30,
  hold: 14,
  post: 14,
  void: 5,
  reverse: 6,
  balance: 8,
  closingHold: 3,
  again: 8,
  account: 6,
  limit: 5,
  closure: 3,
  metadata: 1,
  asset: 1,
  books: 2,
  odd: 3,
} as const
type Kind = keyof typeof KINDS

export interface Wish {
  readonly kind: Kind
  /** Which account, which other account, which transfer: counted from the first, or from the latest. */
  readonly one: number
  readonly other: number
  readonly which: number
  readonly amount: AmountWish
  /** Chooses among variants; 0 is the plainest. */
  readonly variant: number
  readonly linked: boolean
}

export interface AmountWish {
  /** `some`: the number itself; `fitting`: what just fits, plus the number minus 1. */
  readonly kind: 'some' | 'fitting' | 'border' | 'top'
  readonly number: number
}

export interface TimeWish {
  /**
   * `deadline`: at the next one or just before it; `seconds` and `nanoseconds` onward; `back`: the clock runs
   * back; `end`: near the last nanosecond that fits into 64 bits.
   */
  readonly kind: 'nanoseconds' | 'seconds' | 'deadline' | 'back' | 'end'
  readonly number: number
}

export interface BatchWish {
  readonly time: TimeWish
  readonly wishes: readonly Wish[]
  readonly dryRun: boolean
}

export interface HistoryWish {
  /** Amounts are multiples of 2 to this: carries between limbs are met as often as small numbers. */
  readonly scaleBits: number
  /** 0: the default. */
  readonly releasesPerBatchMax: number
  /** Bits of each account that the history begins with: flags, parents, limits. */
  readonly accounts: readonly number[]
  readonly batches: readonly BatchWish[]
}

export interface HistorySize {
  readonly batchesMax: number
  readonly commandsMax: number
}

export function historyWishes({ batchesMax, commandsMax }: HistorySize): fc.Arbitrary<HistoryWish> {
  return fc.record({
    scaleBits: weighted({ 0: 5, 31: 1, 52: 1, 63: 2, 64: 1, 95: 1, 119: 1 }).map(Number),
    releasesPerBatchMax: weighted({ 0: 3, 1: 1, 2: 1 }).map(Number),
    accounts: fc.array(fc.nat(0xffff), { minLength: 3, maxLength: 9 }),
    batches: fc.array(batch(commandsMax), { minLength: 1, maxLength: batchesMax, size: 'max' }),
  })
}

const batch = (commandsMax: number): fc.Arbitrary<BatchWish> =>
  fc.record({
    time: time(),
    wishes: fc.array(wish(), { maxLength: commandsMax, size: 'max' }),
    dryRun: once(12),
  })

const time = (): fc.Arbitrary<TimeWish> =>
  fc.record({
    kind: weighted({ nanoseconds: 40, seconds: 15, deadline: 20, back: 5, end: 1 }),
    number: fc.nat(9),
  })

const wish = (): fc.Arbitrary<Wish> =>
  fc.record({
    kind: weighted(KINDS),
    one: fc.nat(99),
    other: fc.nat(99),
    which: fc.nat(99),
    amount: fc.record({
      kind: weighted({ some: 14, fitting: 5, border: 1, top: 1 }),
      number: fc.nat(12),
    }),
    variant: fc.nat(99),
    linked: once(6),
  })

const once = (times: number): fc.Arbitrary<boolean> => fc.nat(times - 1).map((n) => n === times - 1)

function weighted<Name extends string | number>(
  weights: Readonly<Record<Name, number>>,
): fc.Arbitrary<`${Name}`> {
  const options = Object.entries<number>(weights).map(([name, weight]) => ({
    weight,
    arbitrary: fc.constant(name as `${Name}`),
  }))
  return fc.oneof(...options)
}
