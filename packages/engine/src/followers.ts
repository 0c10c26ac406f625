/** What follows from a decided event besides the ledger's own state: the address index and the back-dated entries. */
import { Memory, MovedForm, Operation, RecordCursor, RecordField } from '@tallystick/ledger'

import type { OpenFrame } from './book.ts'

export interface Followers {
  /** Events `first` … `end − 1` of the open group are decided. */
  follow(group: OpenFrame, first: number, end: number): void
}
