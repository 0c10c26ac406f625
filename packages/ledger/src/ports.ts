/**
 * What the ledger asks of whoever keeps its book: records that are no longer in the group being written, and
 * ids that are no longer in the ledger's own table.
 */
import type { Memory } from './memory.ts'
import type { RecordCursor } from './record.ts'

/** Records decided before the group that is being written. */
export interface Recall {
  /** Makes the record available to `read`. May read the disk; called only while resolving, never in `apply`. */
  load(sequence: number): void
  /** Points the cursor at a record that was loaded. Never reads the disk. */
  read(sequence: number, cursor: RecordCursor): void
}

/** Points the cursor at any decided record; may read the disk. */
export type RecordReader = (sequence: number, cursor: RecordCursor) => void

/** Places of transfers that the ledger's table has let go: sealed runs. May read the disk. */
export interface OldIds {
  /** Whether there is any: spares the question while everything is in the ledger's table. */
  readonly empty: boolean
  /** Rank (`rankOf`) of the largest id in order that it has when a ledger is made over it; -1: none. */
  readonly largest: number
  /** Sequence of the transfer with the u128 id at byte `offset`; negative: burnt there; 0: none. */
  transfer(memory: Memory, offset: number): number
  /** Sequence of the newest event that touched (posted, voided, released, reversed) that transfer; 0: none. */
  touch(sequence: number): number
}
