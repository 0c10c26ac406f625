/** What a refusal by a limit says: whose account's, or which ceiling of whoever asked. */
import { ceilingIdOf, resetOf } from '@tallystick/access'
import { type RecordCursor, TransferStatus } from '@tallystick/ledger'

import { type Book, type Facts, refusedAccount } from './book.ts'
import { timeText } from './text.ts'

export interface CeilingFacts {
  readonly ceiling: string
  /** RFC 3339; undefined: it counts each transfer by itself. */
  readonly resetsAt: string | undefined
  /** What is counted: transfers, or minor units. */
  readonly isCount: boolean
}

/** undefined: it was no ceiling that refused. */
export function ceilingFacts({ access }: Book, record: RecordCursor): CeilingFacts | undefined {
  const { refusal } = record
  if (refusal === undefined || record.status !== TransferStatus.exceedsCeiling) return undefined
  const ceiling = ceilingIdOf(refusal.account)
  const measure = access.ceilings.find(ceiling)?.record.measure
  const resets = measure === undefined ? undefined : resetOf(measure, record.timestamp)
  const resetsAt = resets === undefined ? undefined : (JSON.parse(timeText(resets)) as string)
  return { ceiling, resetsAt, isCount: measure === 'daily_count' }
}

/** As fields of JSON with a comma in front; empty: no limit refused. @param facts undefined: the record stands in the book. */
export function limitFactsText(book: Book, record: RecordCursor, facts?: Facts): string {
  const { refusal } = record
  if (refusal === undefined) return ''
  const { needed, available, limit, account } = refusal
  const amounts = `"needed":"${needed}","available":"${available}","limit":"${limit}"`
  const own = ceilingFacts(book, record)
  if (own !== undefined) {
    const reset = own.resetsAt === undefined ? '' : `,"resets_at":"${own.resetsAt}"`
    return `,${amounts},"ceiling":"${own.ceiling}"${reset}`
  }
  const address =
    facts === undefined
      ? book.accounts.addressOf(account)
      : refusedAccount(book, facts, account).address
  return `,"account":"${address}",${amounts}`
}
