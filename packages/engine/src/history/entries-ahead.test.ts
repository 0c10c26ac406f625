import type { RecordCursor } from '@tallystick/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Books } from './balance-at.ts'
import { Chain } from './chain.ts'
import { entries, entriesAhead } from './entries.ts'
import { AHEAD_MAX, AHEAD_PROBES, AHEAD_SLOW_READS } from './limits.ts'
import type { PlayedBook } from './played-book.ts'
import { playHistory, SLOTS, type Wish } from './played-history.ts'
import type { EntryQuery } from './queries.ts'
import type { HistoryAccount, HistorySource, SourceAhead } from './source.ts'

/** A book on a disk where everything has to be waited for that was not read or fetched before. */
class SlowBook implements HistorySource, SourceAhead {
  slowReads = 0
  fetching = 0
  fetchingMax = 0
  fetched = 0
  /** Fetches that go well until the book is closed. */
  fetchesMax = Number.POSITIVE_INFINITY
  readonly #near = new Set<number>()
  readonly #book: PlayedBook

  constructor(book: PlayedBook) {
    this.#book = book
  }

  get books(): Books {
    return { ...this.#book.books, source: this }
  }

  read(sequence: number, cursor: RecordCursor): void {
    if (!this.#near.has(sequence)) this.slowReads++
    this.#near.add(sequence)
    this.#book.read(sequence, cursor)
  }

  async fetch(sequence: number): Promise<boolean> {
    this.fetched++
    if (this.fetched > this.fetchesMax) return false
    this.fetching++
    this.fetchingMax = Math.max(this.fetchingMax, this.fetching)
    // Some take longer than others.
    for (let turn = 0; turn <= sequence % 3; turn++) await Promise.resolve()
    this.#near.add(sequence)
    this.fetching--
    return true
  }

  sequenceAt(at: bigint): number {
    return this.#book.sequenceAt(at)
  }

  account(slot: number): HistoryAccount {
    return this.#book.account(slot)
  }

  ahead(): SourceAhead {
    return this
  }
}

/** Transfers enough for a few pages, at moments from 1,000 on. */
const BOOK = playHistory(
  Array.from({ length: 400 }, (_, n): Wish => ({
    ...{ kind: n % 5 === 0 ? 'hold' : 'transfer', debit: n % 4, credit: 1 + (n % 3) },
    ...{ amount: 3n, effective: n % 7 === 0 ? 20 : 0, target: n, code: 1 + (n % 3) },
  })),
)

const query = fc.record({
  by: fc.constant<'ledger'>('ledger'),
  newestFirst: fc.boolean(),
  kind: fc.constantFrom<EntryQuery['kind'][]>('posted', 'all'),
  from: fc.option(fc.bigInt({ min: 900n, max: 2_000n }), { nil: undefined }),
  to: fc.option(fc.bigInt({ min: 900n, max: 2_000n }), { nil: undefined }),
  after: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 120 }),
})

test('what was read ahead is all that a page needs, and the page is the same', async () => {
  await fc.assert(
    fc.asyncProperty(query, fc.constantFrom(...SLOTS), async (asked, slot) => {
      const slow = new SlowBook(BOOK)
      const expected = entries(BOOK.books, slot, asked)
      await entriesAhead(slow.books, slot, asked)
      // What was read before it was known how slow the disk is, and no more.
      expect(slow.slowReads).toBeLessThanOrEqual(AHEAD_SLOW_READS + 1)
      expect(slow.fetchingMax).toBeLessThanOrEqual(AHEAD_MAX)
      const before = slow.slowReads
      expect(entries(slow.books, slot, asked)).toEqual(expected)
      const missed = slow.slowReads - before
      // With entries left out, the page goes on behind what was read ahead.
      const all = asked.kind === 'all' || expected.entries.length === 0
      expect(missed).toBeLessThanOrEqual(
        all ? AHEAD_PROBES : expected.entries.length + AHEAD_PROBES,
      )
    }),
  )
})

test('nothing is fetched where the first records of a page are near', () => {
  const slow = new SlowBook(BOOK)
  const asked: EntryQuery = { by: 'ledger', kind: 'all', newestFirst: true, limit: 100 }
  const slot = SLOTS[0] ?? 0
  entries(slow.books, slot, asked)
  expect(entriesAhead(slow.books, slot, asked)).toBeUndefined()
  expect(slow.fetched).toBe(0)
})

test('several records are on their way at a time', async () => {
  const slow = new SlowBook(BOOK)
  const asked: EntryQuery = { by: 'ledger', kind: 'all', newestFirst: true, limit: 100 }
  await entriesAhead(slow.books, SLOTS[0] ?? 0, asked)
  expect(slow.fetched).toBeGreaterThan(90)
  expect(slow.fetchingMax).toBeGreaterThan(3)
})

test('reading ahead ends when the book is closed meanwhile', async () => {
  for (const fetchesMax of [0, 1, 10, 50]) {
    const slow = new SlowBook(BOOK)
    slow.fetchesMax = fetchesMax
    const asked: EntryQuery = { by: 'ledger', kind: 'all', newestFirst: false, limit: 100 }
    await entriesAhead(slow.books, SLOTS[0] ?? 0, asked)
    expect(slow.fetching).toBe(0)
    expect(slow.fetched).toBeLessThanOrEqual(fetchesMax + AHEAD_MAX)
  }
})

test('a broken record on the way is left to whoever reads the page', async () => {
  const slow = new SlowBook(BOOK)
  const asked: EntryQuery = { by: 'ledger', kind: 'all', newestFirst: true, limit: 100 }
  const slot = SLOTS[0] ?? 0
  const chain = new Chain(BOOK, slot)
  const broken = chain.sequenceOf(chain.newest.number - 50)
  const read = slow.read.bind(slow)
  slow.read = (sequence, cursor) => {
    if (sequence === broken) throw new Error('rot')
    read(sequence, cursor)
  }
  await entriesAhead(slow.books, slot, asked)
  expect(slow.fetching).toBe(0)
  expect(() => entries(slow.books, slot, asked)).toThrow('rot')
})
