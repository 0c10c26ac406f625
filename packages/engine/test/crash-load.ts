/** The load of the crash test: request `n` is always the same, so that parent and child agree without talking. */
import { Prng } from '@tallystick/testkit'

import { TransferFlags } from '../src/index.ts'
import type { NewTransfer } from '../src/tally-ledger.ts'

export const ACCOUNTS = 40

export function keyOf(n: number): string {
  return `request ${n}`
}

export function transfersOf(n: number): NewTransfer[] {
  const prng = new Prng(n)
  const count = n % 50 === 0 ? 2_000 : 1 + prng.below(4)
  return Array.from({ length: count }, (_, index) => {
    const debit = 1 + prng.below(ACCOUNTS)
    const isHold = prng.once(8)
    return {
      id: BigInt(n) * 10_000n + BigInt(index) + 1_000n,
      debitAccountId: BigInt(debit),
      // Now and then an account that does not exist: refusals have to survive too.
      creditAccountId: prng.once(20) ? 999_999n : BigInt((debit % ACCOUNTS) + 1),
      amount: BigInt(1 + prng.below(1_000)),
      ...{ asset: 978, code: 1 },
      ...(isHold ? { flags: TransferFlags.pending, timeout: 1 + prng.below(3) } : {}),
    }
  })
}
