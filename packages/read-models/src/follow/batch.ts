/** What a stretch of the book changes in the tables: rows that are new, and rows that become other ones. Written in one transaction. */

/** The side of an account that was moved last: all balances right after it. */
export interface Moved {
  readonly sequence: number
  readonly entries: bigint
  readonly balances: string
}

export interface Change {
  limit?: string
  subtreeLimit?: string
  metadata?: string
  closed?: boolean
}

export interface HoldChange {
  readonly sequence: number
  readonly changedBy: number
  readonly changedAt: bigint
  readonly status: string
  readonly captured: bigint
  readonly remaining: bigint
}

export interface Turnover {
  readonly slot: number
  readonly day: number
  debits: bigint
  credits: bigint
  debitEntries: number
  creditEntries: number
}

export class Batch {
  readonly movements: string[] = []
  readonly accounts: string[] = []
  readonly requests: string[] = []
  readonly assets: string[] = []
  /** Lines up to what changes later, by the hold's sequence. */
  readonly holds = new Map<number, string>()
  readonly holdChanges = new Map<number, HoldChange>()
  readonly moved = new Map<number, Moved>()
  readonly changes = new Map<number, Change>()
  readonly turnover = new Map<number, Turnover>()
  events = 0
  lastSequence = 0
  lastTimestamp = 0n

  changeOf(slot: number): Change {
    let change = this.changes.get(slot)
    if (change === undefined) this.changes.set(slot, (change = {}))
    return change
  }

  turnoverOf(slot: number, day: number): Turnover {
    // Days since 1970 take fewer than 18 bits until 2554.
    const key = slot * DAYS + day
    let row = this.turnover.get(key)
    if (row === undefined) {
      row = { slot, day, debits: 0n, credits: 0n, debitEntries: 0, creditEntries: 0 }
      this.turnover.set(key, row)
    }
    return row
  }
}

const DAYS = 2 ** 18
