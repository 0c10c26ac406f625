/** An import into a running server: packed batches, entries as the balances to check. */
import type { Tallystick } from '@tallystick/sdk'
import type { Balance, BookingTarget, ImportCommand } from './booking-target.ts'

const PAGE_ROWS = 1_000

/** Bulk: whoever pays at the same time goes first. */
const PRIORITY = 5

/** A batch may wait behind others; it is repeated with its key when an answer is lost. */
const TIMEOUT_MS = 120_000

export class ServerTarget implements BookingTarget {
  readonly #tally: Tallystick

  constructor(tally: Tallystick) {
    this.#tally = tally
  }

  async send(commands: readonly ImportCommand[]): Promise<readonly string[]> {
    const options = { priority: PRIORITY, timeoutMs: TIMEOUT_MS, tryTimeoutMs: TIMEOUT_MS / 4 }
    const { results } = await this.#tally.batches.createPacked(commands, options)
    return results.map(({ status }) => status)
  }

  balances(address: string): AsyncIterable<Balance> {
    return this.#tally.accounts.entries(address, { limit: PAGE_ROWS })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
