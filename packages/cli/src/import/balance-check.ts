/**
 * Holds the file's balances against the ledger's: for every row the running balance of its account right after its transfer,
 * as the ledger's own entries have it. Rows are gathered and compared account by account, which is one list per account.
 */
import type { Booking } from './row-mapper.ts'
import type { BookingTarget } from './booking-target.ts'

/** Accounts whose entries are asked for at the same time. */
const CONCURRENT = 16

/** Rows that wait for their comparison: a bound for memory. */
const WAITING_ROWS_MAX = 1_000_000

export interface Difference {
  readonly row: number
  readonly account: string
  readonly asset: string
  readonly expected: bigint
  /** undefined: the ledger has no entry for the row. */
  readonly actual: bigint | undefined
}

export interface CheckResult {
  readonly rows: number
  readonly exact: number
  /** Rows that the file has a balance for and the ledger has no entry. */
  readonly missing: number
  /** Per asset the row that differs most; none when all agree. */
  readonly largest: readonly Difference[]
}

interface Waiting {
  readonly row: number
  readonly expected: bigint
}

export class BalanceCheck {
  readonly #target: BookingTarget
  /** By account and then by transfer. */
  readonly #waiting = new Map<string, Map<string, Waiting>>()
  readonly #assets = new Map<string, string>()
  readonly #largest = new Map<string, Difference>()
  #waitingRows = 0
  #rows = 0
  #exact = 0
  #missing = 0

  constructor(target: BookingTarget) {
    this.#target = target
  }

  get isFull(): boolean {
    return this.#waitingRows >= WAITING_ROWS_MAX
  }

  get checked(): number {
    return this.#rows
  }

  get waiting(): number {
    return this.#waitingRows
  }

  add({ account, transfer, row, expected }: Booking): void {
    if (expected === undefined) return
    const { address, asset } = account
    let rows = this.#waiting.get(address)
    if (rows === undefined) {
      rows = new Map()
      this.#waiting.set(address, rows)
      this.#assets.set(address, asset)
    }
    rows.set(transfer.id, { row, expected })
    this.#waitingRows++
  }

  /** Compares what has gathered. @param onProgress called after every account. */
  async compare(onProgress: () => void): Promise<void> {
    const accounts = [...this.#waiting]
    this.#waiting.clear()
    let next = 0
    const work = async (): Promise<void> => {
      for (let each = accounts[next++]; each !== undefined; each = accounts[next++]) {
        await this.#compareAccount(...each)
        onProgress()
      }
    }
    await Promise.all(Array.from({ length: CONCURRENT }, work))
    this.#waitingRows = 0
  }

  result(): CheckResult {
    return {
      rows: this.#rows,
      exact: this.#exact,
      missing: this.#missing,
      largest: [...this.#largest.values()],
    }
  }

  async #compareAccount(account: string, rows: Map<string, Waiting>): Promise<void> {
    this.#rows += rows.size
    const asset = this.#assets.get(account) ?? ''
    for await (const { transferId, balance } of this.#target.balances(account)) {
      const waiting = rows.get(transferId)
      if (waiting === undefined) continue
      this.#note({ ...waiting, account, asset, actual: balance })
      rows.delete(transferId)
      if (rows.size === 0) return
    }
    this.#missing += rows.size
  }

  #note(difference: Difference & { readonly actual: bigint }): void {
    const size = sizeOf(difference)
    if (size === 0n) {
      this.#exact++
      return
    }
    const largest = this.#largest.get(difference.asset)
    if (largest === undefined || size > sizeOf(largest)) {
      this.#largest.set(difference.asset, difference)
    }
  }
}

export function sizeOf({ expected, actual }: Difference): bigint {
  const difference = expected - (actual ?? expected)
  return difference < 0n ? -difference : difference
}
