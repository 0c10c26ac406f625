/** An account's entries in ledger order: along its chain, backwards or in chunks forwards. */
import { Memory, RecordCursor } from '@tallystick/ledger'

import { balancesAfter } from './balances.ts'
import type { Books } from './balance-at.ts'
import { Chain, type Place } from './chain.ts'
import { changeAt, entryAt } from './entry-of.ts'
import { HISTORY_CHUNK } from './limits.ts'
import { PageMaker } from './page-maker.ts'
import type { Entry, EntryPage, EntryQuery } from './queries.ts'

export function ledgerEntries(books: Books, slot: number, query: EntryQuery): EntryPage {
  const walk = new LedgerWalk(books, slot, query)
  return query.newestFirst ? walk.backwards() : walk.forwards()
}

class LedgerWalk {
  readonly #books: Books
  readonly #chain: Chain
  readonly #query: EntryQuery
  readonly #page: PageMaker
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  /** Entries in question: numbers first … last, the last with its sequence. */
  readonly #first: number
  readonly #last: Place

  constructor(books: Books, slot: number, query: EntryQuery) {
    this.#books = books
    this.#query = query
    this.#chain = new Chain(books.source, slot)
    this.#page = new PageMaker(query, this.#chain)
    this.#first = query.from === undefined ? 1 : this.#newestBefore(query.from).number + 1
    this.#last = query.to === undefined ? this.#chain.newest : this.#newestBefore(query.to)
  }

  /** The newest entry before a moment. */
  #newestBefore(moment: bigint): Place {
    const sequence = moment === 0n ? 0 : this.#books.source.sequenceAt(moment - 1n)
    const found = this.#chain.newestUpTo(sequence)
    if (found === 0) return { number: 0, sequence: 0 }
    this.#chain.load(found)
    return this.#chain.place
  }

  backwards(): EntryPage {
    const { after } = this.#query
    const start = after === undefined ? this.#last.number : Math.min(this.#last.number, after - 1)
    if (start < this.#first) return this.#page.complete()
    let sequence = this.#chain.sequenceOf(start, this.#last)
    for (let number = start; number >= this.#first; number--) {
      const entry = this.#entry(sequence)
      sequence = this.#chain.previous
      if (this.#page.add(entry)) return this.#page.unfinished()
    }
    return this.#page.complete()
  }

  forwards(): EntryPage {
    let next = Math.max(this.#first, (this.#query.after ?? 0) + 1)
    while (next <= this.#last.number) {
      const end = Math.min(this.#last.number, next + this.#page.chunk(HISTORY_CHUNK) - 1)
      for (const entry of this.#stretch(next, end)) {
        if (this.#page.add(entry)) return this.#page.unfinished()
      }
      next = end + 1
    }
    return this.#page.complete()
  }

  /** Entries first … last, oldest first. */
  #stretch(first: number, last: number): readonly Entry[] {
    const entries: Entry[] = []
    let sequence = this.#chain.sequenceOf(last, this.#last)
    for (let number = last; number >= first; number--) {
      entries.push(this.#entry(sequence))
      sequence = this.#chain.previous
    }
    return entries.reverse()
  }

  #entry(sequence: number): Entry {
    const chain = this.#chain
    chain.load(sequence)
    const change = changeAt(chain, this.#books.source, this.#cursor)
    return entryAt(chain, change, balancesAfter(chain.record, chain.direction))
  }
}
