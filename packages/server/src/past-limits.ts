/**
 * The limit that an account had when an event was decided: a fact of every answer that shows what is available. Limits seldom
 * change, so that of now is nearly always that of then.
 */
import type { LedgerReader } from '@tallystick/engine'

import type { KnownAccount } from './known-accounts.ts'
import { CHANGED_LIMITS_MAX } from './limits.ts'

export class PastLimits {
  readonly #reader: LedgerReader
  /** Accounts whose limit somebody asked to change since the start, whether or not it came to that. */
  readonly #changed = new Set<bigint>()
  /** Events after this one were decided while the set was kept. */
  #since: number

  constructor(reader: LedgerReader, lastSequence: number) {
    this.#reader = reader
    this.#since = lastSequence
  }

  /** To be told before the ledger is asked. */
  willChange(account: bigint): void {
    if (this.#changed.size >= CHANGED_LIMITS_MAX) this.#since = Number.POSITIVE_INFINITY
    else this.#changed.add(account)
  }

  at(account: KnownAccount, sequence: number, timestamp: bigint): bigint {
    if (sequence > this.#since && !this.#changed.has(account.id)) return account.limit
    return this.#reader.balanceAt(account.id, timestamp)?.limit ?? account.limit
  }
}
