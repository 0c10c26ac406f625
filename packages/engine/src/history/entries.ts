/** An account's entries of a period, a page at a time. */
import type { Books } from './balance-at.ts'
import { effectiveEntries } from './effective-entries.ts'
import { ledgerEntries } from './ledger-entries.ts'
import type { EntryPage, EntryQuery } from './queries.ts'

/**
 * Costs O(log n) records to find the place and one or two per entry looked at, at most `HISTORY_READS_MAX` or so.
 * @param query `after` is the `next` of a page of the same query. @throws TooManyLateEntries by effective time.
 */
export function entries(books: Books, slot: number, query: EntryQuery): EntryPage {
  return query.by === 'effective'
    ? effectiveEntries(books, slot, query)
    : ledgerEntries(books, slot, query)
}
