/** What the engine's tests share: a clock that stands still, accounts and transfers in short, packed requests. */
import { type Command, NO_SUBTREE_LIMIT, Operation, packBatch } from '@tallystick/ledger'

import type { Clock } from '../src/clock.ts'
import type { Outcome } from '../src/outcome.ts'
import type { LedgerRequest } from '../src/request.ts'
import type { NewAccount, NewTransfer, TallyLedger } from '../src/tally-ledger.ts'

export const SECOND = 1_000_000_000n

/** Wall and monotonic time that move together, and only when told. */
export class TestClock implements Clock {
  wall: bigint
  steady = 0n

  constructor(wall = 1_000n * SECOND) {
    this.wall = wall
  }
  now(): bigint {
    return this.wall
  }
  monotonic(): bigint {
    return this.steady
  }
  advance(ns: bigint): void {
    this.wall += ns
    this.steady += ns
  }
  /** The wall clock alone: somebody has set it. */
  jump(ns: bigint): void {
    this.wall += ns
  }
}

export const account = (id: bigint, more: Partial<NewAccount> = {}): NewAccount => ({
  ...{ id, asset: 978, code: 1 },
  ...more,
})

export const transfer = (
  id: bigint,
  amount: bigint,
  more: Partial<NewTransfer> = {},
): NewTransfer => ({
  ...{ id, amount, debitAccountId: 1n, creditAccountId: 2n, asset: 978, code: 1 },
  ...more,
})

export const openAccount = (id: bigint): Command => ({
  ...{ operation: Operation.createAccount, id, address: '', asset: 978, code: 1, flags: 0 },
  ...{ parent: 0n, limit: 0n, subtreeLimit: NO_SUBTREE_LIMIT, metadata: new Uint8Array(0) },
})

/** A request of the lowest level. */
export const request = (
  commands: readonly Command[],
  more: Partial<LedgerRequest> = {},
): LedgerRequest => ({
  ...{ operation: 7, contractVersion: 1, receivedAt: 5n, keys: [], lane: 'interactive' },
  requestId: new Uint8Array(16).fill(1),
  digest: new Uint8Array(32).fill(2),
  ...{ principal: 'p', keyId: 'k', source: 's', idempotencyKey: '', initiator: 'i' },
  body: Buffer.from('{}'),
  batch: packBatch(commands),
  ...more,
})

/** Submits, and takes from the outcome what is only readable there. */
export function ask<Answer>(
  ledger: TallyLedger,
  asked: LedgerRequest,
  read: (outcome: Outcome) => Answer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ledger.submit(asked, (outcome) => {
      if (outcome instanceof Error) reject(outcome)
      else resolve(read(outcome))
    })
  })
}
