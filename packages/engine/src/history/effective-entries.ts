/**
 * An account's entries in order of value date, ties by sequence: the entries of the chain that came in order, merged with
 * its late ones, with the balances as they run in this order.
 */
import { Memory, RecordCursor } from '@tallystick/ledger'

import { type Books, type EffectiveBalance, effectiveBalance } from './balance-at.ts'
import { type Change, minus, plus, totalsOf } from './balances.ts'
import { Chain, NO_PLACE, type Place } from './chain.ts'
import { changeAt, entryAt } from './entry-of.ts'
import { isAfter, type Moment } from './late-log.ts'
import type { LateRun } from './late-run.ts'
import { HISTORY_CHUNK } from './limits.ts'
import { PageMaker } from './page-maker.ts'
import type { EntryPage, EntryQuery } from './queries.ts'

export function effectiveEntries(books: Books, slot: number, query: EntryQuery): EntryPage {
  const walk = new EffectiveWalk(books, slot, query)
  return query.newestFirst ? walk.backwards() : walk.forwards()
}

/** The next entry of one of the two lists. */
interface Candidate extends Moment {
  readonly number: number
}

class EffectiveWalk {
  readonly #books: Books
  readonly #chain: Chain
  readonly #query: EntryQuery
  readonly #page: PageMaker
  readonly #late: LateRun | undefined
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  /** Places of in-order entries that lie ahead of a walk forwards, the next one last. */
  #ahead: Place[] = []

  constructor(books: Books, slot: number, query: EntryQuery) {
    this.#books = books
    this.#query = query
    this.#chain = new Chain(books.source, slot)
    this.#page = new PageMaker(query, this.#chain)
    this.#late = books.late.of(slot)
  }

  backwards(): EntryPage {
    const { from = 0n, to } = this.#query
    const start = this.#balanceUpTo(this.#bound(to, -1))
    let { balances, lateCount } = start
    let place = this.#inOrderUpTo(start.place)
    let inOrder = this.#candidate(place)
    for (;;) {
      const late = this.#lateAt(lateCount - 1)
      const chosen = later(inOrder, late)
      if (chosen === undefined || chosen.effectiveAt < from) return this.#page.complete()
      const change = this.#load(chosen)
      const entry = entryAt(this.#chain, change, balances)
      if (this.#page.add(entry)) return this.#page.unfinished()
      balances = minus(balances, totalsOf(change))
      if (chosen === late) {
        lateCount--
      } else {
        const before = { number: place.number - 1, sequence: this.#chain.previous }
        place = this.#inOrderUpTo(before)
        inOrder = this.#candidate(place)
      }
    }
  }

  forwards(): EntryPage {
    const { from = 0n, to } = this.#query
    const start = this.#balanceUpTo(this.#bound(from, 0))
    let { balances, lateCount } = start
    let number = this.#inOrderFrom(start.place.number + 1)
    let inOrder = this.#candidate(this.#placeAhead(number))
    for (;;) {
      const late = this.#lateAt(lateCount)
      const chosen = earlier(inOrder, late)
      if (chosen === undefined || (to !== undefined && chosen.effectiveAt >= to)) {
        return this.#page.complete()
      }
      const change = this.#load(chosen)
      balances = plus(balances, totalsOf(change))
      if (this.#page.add(entryAt(this.#chain, change, balances))) return this.#page.unfinished()
      if (chosen === late) {
        lateCount++
      } else {
        number = this.#inOrderFrom(number + 1)
        inOrder = this.#candidate(this.#placeAhead(number))
      }
    }
  }

  /**
   * The last moment before the list begins (forwards: `step` 0) or with which it begins (backwards: −1).
   * Undefined: before everything, or behind everything.
   */
  #bound(edge: bigint | undefined, step: 0 | -1): Moment | 'all' | 'nothing' {
    const { after } = this.#query
    if (after !== undefined) {
      this.#chain.load(this.#chain.sequenceOf(after))
      const { effectiveAt, sequence } = this.#chain.record
      return { effectiveAt, sequence: sequence + step }
    }
    if (edge === undefined) return 'all'
    return edge === 0n ? 'nothing' : { effectiveAt: edge - 1n, sequence: Number.POSITIVE_INFINITY }
  }

  #balanceUpTo(bound: Moment | 'all' | 'nothing'): EffectiveBalance {
    if (bound === 'nothing') return { ...NOTHING }
    const moment = bound === 'all' ? END_OF_TIME : bound
    return effectiveBalance(this.#books, this.#chain, moment)
  }

  /** Loads an entry; what it changed. */
  #load({ sequence }: Candidate): Change {
    this.#chain.load(sequence)
    return changeAt(this.#chain, this.#books.source, this.#cursor)
  }

  #candidate(place: Place): Candidate | undefined {
    if (place.number === 0) return undefined
    const { effectiveAt } = this.#chain.load(place.sequence)
    return { ...place, effectiveAt }
  }

  #lateAt(rank: number): Candidate | undefined {
    if (this.#late === undefined || rank < 0 || rank >= this.#late.count) return undefined
    const row = this.#late.rowAt(rank)
    const { log } = this.#books.late
    return { ...log.moment(row), number: log.number(row) }
  }

  /** The newest in-order entry that is not newer than `place`. */
  #inOrderUpTo(place: Place): Place {
    const number = this.#late?.inOrderUpTo(place.number) ?? place.number
    if (number === 0) return NO_PLACE
    return { number, sequence: this.#chain.sequenceOf(number, place) }
  }

  /** Number of the oldest in-order entry that is not older than `number`; behind the newest: 0. */
  #inOrderFrom(number: number): number {
    const found = this.#late?.inOrderFrom(number) ?? number
    return found > this.#chain.newest.number ? 0 : found
  }

  /** Where an in-order entry lies: the chain leads backwards only, so a chunk ahead is fetched at once. */
  #placeAhead(number: number): Place {
    if (number === 0) return NO_PLACE
    const known = this.#ahead.pop()
    if (known !== undefined) return known
    const numbers = [number]
    for (let left = this.#page.chunk(HISTORY_CHUNK); left > 1; left--) {
      const next = this.#inOrderFrom((numbers.at(-1) ?? 0) + 1)
      if (next === 0) break
      numbers.push(next)
    }
    let from = this.#chain.newest
    for (const ahead of numbers.reverse()) {
      from = { number: ahead, sequence: this.#chain.sequenceOf(ahead, from) }
      this.#ahead.push(from)
    }
    return this.#ahead.pop() ?? NO_PLACE
  }
}

const END_OF_TIME: Moment = { effectiveAt: 1n << 64n, sequence: Number.POSITIVE_INFINITY }

const NOTHING: EffectiveBalance = {
  balances: totalsOf({ direction: 'debit', posted: 0n, pending: 0n }),
  count: 0,
  lateCount: 0,
  place: NO_PLACE,
}

function later(a: Candidate | undefined, b: Candidate | undefined): Candidate | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return isAfter(a, b) ? a : b
}

function earlier(a: Candidate | undefined, b: Candidate | undefined): Candidate | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return isAfter(a, b) ? b : a
}
