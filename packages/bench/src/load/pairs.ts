/** Which two accounts a transfer moves money between. */
import { assert } from '@tallystick/money'

import type { Xorshift } from './random.ts'

/**
 * `uniform`: all pairs are equally likely. `hot`: account 0 is on one side of every transfer, debited or credited
 * as a coin falls. `busy`: uniform, but account 0 is on one side of every thousandth.
 */
export type Spread = 'uniform' | 'hot' | 'busy'

const BUSY_ONE_IN = 1_000

/** The pair lies in two fields, so that a load makes no object per transfer. */
export class Pairs {
  debit = 0
  credit = 0
  readonly #random: Xorshift
  readonly #accounts: number
  readonly #spread: Spread

  constructor(random: Xorshift, accounts: number, spread: Spread) {
    assert(accounts >= 2, 'a transfer needs two accounts')
    this.#random = random
    this.#accounts = accounts
    this.#spread = spread
  }

  next(): void {
    const random = this.#random
    const isHot =
      this.#spread === 'hot' || (this.#spread === 'busy' && random.below(BUSY_ONE_IN) === 0)
    if (isHot) {
      const other = 1 + random.below(this.#accounts - 1)
      const isDebit = random.u32() >= 0x8000_0000
      this.debit = isDebit ? 0 : other
      this.credit = isDebit ? other : 0
      return
    }
    this.debit = random.below(this.#accounts)
    this.credit = random.below(this.#accounts - 1)
    // Skips the debited account without favouring its neighbour.
    if (this.credit >= this.debit) this.credit++
  }
}
