/** What stays of a request once it was created. */
import type { CreateTransfer } from '@tallystick/ledger'
import type { Transfer } from './state.ts'

export function record(asked: CreateTransfer, amount: bigint, tookAll = false): Transfer {
  return {
    id: asked.id,
    flags: asked.flags,
    debit: asked.debitAccountId,
    credit: asked.creditAccountId,
    asset: asked.asset,
    code: asked.code,
    metadata: asked.metadata,
    pendingId: asked.pendingId,
    timeout: asked.timeout,
    effectiveAt: asked.effectiveAt,
    requested: asked.amount,
    amount,
    tookAll,
    reversed: 0n,
  }
}
