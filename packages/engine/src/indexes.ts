/** The indexes over the book that live in memory: addresses, and back-dated entries. All of it can be made again. */
import type { Ledger, RecordCursor } from '@tallystick/ledger'

import type { Book } from './book.ts'
import { EngineError } from './errors.ts'
import type { TotalsFilter } from './filters.ts'
import type { Follower } from './followers.ts'
import type { EntryPage, EntryQuery, PastBalance, TimeOrder } from './history/queries.ts'
import type { TotalsView } from './reader.ts'

export class Indexes implements Follower {
  constructor(_ledger: Ledger, _book: Book, _late: Uint8Array | undefined) {}
  opened(_slot: number): void {}
  late(_record: RecordCursor, _side: 'debit' | 'credit'): void {}
  lateBytes(): Uint8Array {
    return new Uint8Array(0)
  }
  balanceAt(_slot: number, _at: bigint, _by: TimeOrder): PastBalance {
    throw new EngineError('invalid', 'not wired yet')
  }
  entries(_slot: number, _query: EntryQuery): EntryPage {
    throw new EngineError('invalid', 'not wired yet')
  }
  /** Slots of the accounts whose address begins with `prefix`, in order of address, behind that of slot `after`. */
  prefix(_prefix: string, _after: number | undefined): Iterable<number> {
    throw new EngineError('invalid', 'not wired yet')
  }
  totals(_filter: TotalsFilter): readonly TotalsView[] {
    throw new EngineError('invalid', 'not wired yet')
  }
}
