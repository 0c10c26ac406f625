/** What a stretch of the book changes in the tables: rows that are new, and rows that become other ones. Written in one transaction. */
import { CopyRows } from '@tallystick/postgres'

import { TouchedAccounts } from './touched-accounts.ts'

export interface Change {
  limit?: bigint
  /** null: none. */
  subtreeLimit?: bigint | null
  /** As JSON; null: none. */
  metadata?: string | null
  closed?: boolean
}

export interface OpenedHold {
  readonly sequence: number
  readonly id: bigint
  readonly debitSlot: number
  readonly creditSlot: number
  readonly amount: bigint
  readonly asset: Uint8Array
  readonly code: number
  readonly flags: number
  readonly metadata: string | null
  readonly timestamp: bigint
  /** null: never. */
  readonly expires: bigint | null
}

export interface HoldChange {
  readonly sequence: number
  readonly changedBy: number
  readonly changedAt: bigint
  readonly status: string
  readonly captured: bigint
  readonly remaining: bigint
}

export class Batch {
  readonly assets = new CopyRows(2)
  readonly accounts = new CopyRows(13)
  readonly requests = new CopyRows(10)
  readonly movements = new CopyRows(23)
  /** By their sequence, and what became of holds, also of older ones. */
  readonly holds = new Map<number, OpenedHold>()
  readonly holdChanges = new Map<number, HoldChange>()
  /** By slot. */
  readonly changes = new Map<number, Change>()
  readonly touched = new TouchedAccounts()
  events = 0
  lastSequence = 0
  lastTimestamp = 0n

  changeOf(slot: number): Change {
    let change = this.changes.get(slot)
    if (change === undefined) this.changes.set(slot, (change = {}))
    return change
  }
}
