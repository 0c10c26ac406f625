/** Collects the entries of a page and says when it ends: full, with one more seen behind it, or out of reads. */
import type { Chain } from './chain.ts'
import { passes } from './entry-of.ts'
import { HISTORY_READS_MAX } from './limits.ts'
import type { Entry, EntryPage, EntryQuery } from './queries.ts'

export class PageMaker {
  readonly #query: EntryQuery
  /** Whose reads are counted. */
  readonly #chain: Chain
  readonly #entries: Entry[] = []
  /** Number of the entry that the next page goes on behind. */
  #next: number | undefined

  constructor(query: EntryQuery, chain: Chain) {
    this.#query = query
    this.#chain = chain
  }

  /** Takes the next entry of the list. True: the page ends here, and the list goes on. */
  add(entry: Entry): boolean {
    if (passes(entry, this.#query)) {
      // One more than fits is only there to know whether the list goes on.
      if (this.#entries.length === this.#query.limit) return true
      this.#entries.push(entry)
    }
    this.#next = entry.number
    return this.#chain.reads >= HISTORY_READS_MAX
  }

  /** Entries that are worth fetching at a time, at most `most`. */
  chunk(most: number): number {
    return Math.min(most, this.#query.limit + 1 - this.#entries.length + this.#filtered())
  }

  /** With filters a chunk yields less than it has. */
  #filtered(): number {
    const { direction, code, kind } = this.#query
    return direction === undefined && code === undefined && kind === 'all' ? 0 : 32
  }

  complete(): EntryPage {
    return { entries: this.#entries, next: undefined }
  }

  unfinished(): EntryPage {
    return { entries: this.#entries, next: this.#next }
  }
}
