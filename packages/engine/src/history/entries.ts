/** An account's entries of a period, a page at a time. */
import type { Books } from './balance-at.ts'
import { effectiveEntries } from './effective-entries.ts'
import { ledgerEntries, stepsToStretch } from './ledger-entries.ts'
import { readAhead } from './entries-ahead.ts'
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

/** Reads ahead what `entries` will need, as long as the order is the ledger's. Undefined: nothing has to be waited for. */
export function entriesAhead(
  books: Books,
  slot: number,
  query: EntryQuery,
): Promise<void> | undefined {
  if (query.by !== 'ledger') return undefined
  return readAhead(books, slot, stepsToStretch(books, slot, query))
}
