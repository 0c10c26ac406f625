/** An account's entries in ledger order: along its chain, backwards or in chunks forwards. */
import { Memory, RecordCursor } from '@tallystick/ledger'

import { balancesAfter } from './balances.ts'
import type { Books } from './balance-at.ts'
import { Chain, NO_PLACE, type Place, type Steps, walked } from './chain.ts'
import { changeAt, entryAt } from './entry-of.ts'
import { HISTORY_CHUNK } from './limits.ts'
import { PageMaker } from './page-maker.ts'
import type { Entry, EntryPage, EntryQuery } from './queries.ts'

export function ledgerEntries(books: Books, slot: number, query: EntryQuery): EntryPage {
  const walk = walked(stepsToWalk(books, slot, query))
  return query.newestFirst ? walk.backwards() : walk.forwards()
}

/** Where a page's entries lie, if all pass. */
export interface Stretch {
  readonly newest: Place
  /** Number of the oldest. */
  readonly oldest: number
}

/** Undefined: the page is empty. */
export function* stepsToStretch(
  books: Books,
  slot: number,
  query: EntryQuery,
): Steps<Stretch | undefined> {
  const walk = yield* stepsToWalk(books, slot, query)
  return yield* query.newestFirst ? walk.stretchBackwards() : walk.stretchForwards()
}

function* stepsToWalk(books: Books, slot: number, query: EntryQuery): Steps<LedgerWalk> {
  const chain = new Chain(books.source, slot)
  const { from, to } = query
  const first = from === undefined ? 1 : (yield* stepsBefore(books, chain, from)).number + 1
  const last = to === undefined ? chain.newest : yield* stepsBefore(books, chain, to)
  return new LedgerWalk(books, chain, query, { first, last })
}

/** To the newest entry before a moment. */
function* stepsBefore(books: Books, chain: Chain, moment: bigint): Steps<Place> {
  const sequence = moment === 0n ? 0 : books.source.sequenceAt(moment - 1n)
  const found = yield* chain.stepsUpTo(sequence)
  if (found === 0) return NO_PLACE
  yield found
  chain.load(found)
  return chain.place
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

  constructor(
    books: Books,
    chain: Chain,
    query: EntryQuery,
    { first, last }: { readonly first: number; readonly last: Place },
  ) {
    this.#books = books
    this.#query = query
    this.#chain = chain
    this.#page = new PageMaker(query, chain)
    this.#first = first
    this.#last = last
  }

  /** Number of the entry that a page backwards begins with. */
  get #start(): number {
    const { after } = this.#query
    return after === undefined ? this.#last.number : Math.min(this.#last.number, after - 1)
  }

  *stretchBackwards(): Steps<Stretch | undefined> {
    const start = this.#start
    if (start < this.#first) return undefined
    const newest = { number: start, sequence: yield* this.#chain.stepsTo(start, this.#last) }
    return { newest, oldest: Math.max(this.#first, start - this.#query.limit) }
  }

  *stretchForwards(): Steps<Stretch | undefined> {
    const oldest = Math.max(this.#first, (this.#query.after ?? 0) + 1)
    if (oldest > this.#last.number) return undefined
    const end = Math.min(this.#last.number, oldest + this.#page.chunk(HISTORY_CHUNK) - 1)
    const sequence = yield* this.#chain.stepsTo(end, this.#last)
    return { newest: { number: end, sequence }, oldest }
  }

  backwards(): EntryPage {
    const start = this.#start
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
