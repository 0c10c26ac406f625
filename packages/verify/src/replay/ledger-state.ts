/** What a replay knows of the ledger after the events so far. */
import { AccountTable } from './account-table.ts'
import { Findings } from './findings.ts'
import { IdTable } from './id-table.ts'
import { Subtrees } from './subtrees.ts'

/** Bounds of what is kept in memory: beyond them a replay ends, and says so. */
const ACCOUNTS_MAX = 8_000_000
const OPEN_HOLDS_MAX = 2_000_000
/** Transfers whose ids are held against all others. */
export const IDS_MAX = 12_000_000

export interface OpenHold {
  readonly sequence: bigint
  /** Slots. */
  readonly debit: number
  readonly credit: number
  readonly flags: number
  /** ns since 1970; 0: none. */
  readonly deadline: bigint
  readonly captured: bigint
  readonly remaining: bigint
}

export class LedgerState {
  readonly findings = new Findings()
  readonly accounts = new AccountTable()
  readonly subtrees = new Subtrees(this.accounts)
  /** By their ids. */
  readonly holds = new Map<bigint, OpenHold>()
  /** Of transfers, with their sequences. */
  readonly transferIds = new IdTable()
  /** What was reversed of transfers, by their ids. */
  readonly reversed = new Map<bigint, bigint>()
  statements = 0

  get isFull(): boolean {
    return this.accounts.count >= ACCOUNTS_MAX || this.holds.size >= OPEN_HOLDS_MAX
  }
}
