import fc from 'fast-check'
import { expect, test } from 'vitest'

import { balanceAt } from './balance-at.ts'
import { entries } from './entries.ts'
import { LateEntries, TooManyLateEntries } from './late-entries.ts'
import { LimitChanges } from './limit-changes.ts'
import { naiveBalance, naiveEntries, naiveList } from './naive-history.ts'
import type { PlayedBook } from './played-book.ts'
import { playHistory, SLOTS, type Wish } from './played-history.ts'
import type { Entry, EntryQuery, TimeOrder } from './queries.ts'

const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 9n }),
  fc.bigInt({ min: 0n, max: 9n }),
  fc.constant(1n << 63n),
  fc.constant(1n << 100n),
)

const wishes: fc.Arbitrary<Wish[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Wish['kind'][]>(
      ...(['transfer', 'transfer', 'hold', 'hold', 'post', 'partial'] as const),
      ...(['void', 'reverse', 'limit', 'wait'] as const),
    ),
    debit: fc.nat(3),
    credit: fc.integer({ min: 1, max: 3 }),
    amount,
    effective: fc.oneof(fc.constant(0), fc.nat(60), fc.nat(2_000)),
    target: fc.nat(20),
    code: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
)

const slot = fc.constantFrom(...SLOTS)
const order = fc.constantFrom<TimeOrder[]>('ledger', 'effective')
/** A moment of the history: one of its times, or near one. */
const moment = fc.record({
  index: fc.nat(70),
  shift: fc.integer({ min: -1, max: 1 }),
  dated: fc.boolean(),
})
type MomentWish = typeof moment extends fc.Arbitrary<infer T> ? T : never

function momentOf(book: PlayedBook, { index, shift, dated }: MomentWish): bigint {
  const times = SLOTS.flatMap((one) => naiveEntries(book, one)).map((entry) =>
    dated ? entry.effectiveAt : entry.timestamp,
  )
  const at = (times[index % Math.max(1, times.length)] ?? 1_000n) + BigInt(shift)
  return at < 0n ? 0n : at
}

const query = fc.record({
  ...{ by: order, newestFirst: fc.boolean(), limit: fc.integer({ min: 1, max: 12 }) },
  kind: fc.constantFrom<EntryQuery['kind'][]>('posted', 'all', 'all'),
  direction: fc.constantFrom<EntryQuery['direction'][]>(undefined, undefined, 'debit', 'credit'),
  code: fc.constantFrom(undefined, undefined, 1, 2),
  from: fc.option(moment),
  to: fc.option(moment),
})
type QueryWish = typeof query extends fc.Arbitrary<infer T> ? T : never

function queryOf(book: PlayedBook, wish: QueryWish): EntryQuery {
  const from = wish.from === null ? undefined : momentOf(book, wish.from)
  const to = wish.to === null ? undefined : momentOf(book, wish.to)
  return { ...wish, from, to }
}

/** All pages of a query, one after the other. */
function allPages(book: PlayedBook, one: number, asked: EntryQuery): readonly Entry[] {
  const found: Entry[] = []
  let after: number | undefined
  do {
    const page = entries(book.books, one, { ...asked, after })
    expect(page.entries.length).toBeLessThanOrEqual(asked.limit)
    // Such a short history never ends a page before it is full.
    const full = page.next === undefined ? page.entries.length : asked.limit
    expect(page.entries.length).toBe(full)
    found.push(...page.entries)
    after = page.next
  } while (after !== undefined)
  return found
}

const naiveParts = (entry: Entry): unknown => ({
  ...{ number: entry.number, sequence: entry.sequence, timestamp: entry.timestamp },
  ...{ effectiveAt: entry.effectiveAt, direction: entry.direction, code: entry.code },
  ...{ transferId: entry.transferId, balances: entry.balances },
  delta: {
    debitsPending: entry.direction === 'debit' ? entry.pending : 0n,
    debitsPosted: entry.direction === 'debit' ? entry.posted : 0n,
    creditsPending: entry.direction === 'credit' ? entry.pending : 0n,
    creditsPosted: entry.direction === 'credit' ? entry.posted : 0n,
  },
})

test('the balance of any moment, by either order, is that of a scan of everything', () => {
  fc.assert(
    fc.property(
      wishes,
      slot,
      fc.array(fc.tuple(moment, order), { minLength: 1 }),
      (all, one, asked) => {
        const book = playHistory(all)
        for (const [wish, by] of asked) {
          const at = momentOf(book, wish)
          expect(balanceAt(book.books, one, { at, by })).toEqual(
            naiveBalance(book, one, { at, by }),
          )
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('the pages of any query, with any filters, are a scan of everything', () => {
  fc.assert(
    fc.property(
      wishes,
      slot,
      fc.array(query, { minLength: 1, maxLength: 6 }),
      (all, one, asked) => {
        const book = playHistory(all)
        for (const wish of asked) {
          const wanted = queryOf(book, wish)
          expect(allPages(book, one, wanted).map(naiveParts)).toEqual(naiveList(book, one, wanted))
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('late entries and limit changes are the same after they were saved and loaded', () => {
  fc.assert(
    fc.property(wishes, slot, query, (all, one, wish) => {
      const book = playHistory(all)
      const late = LateEntries.load(Buffer.concat([...book.books.late.save()]))
      const limits = LimitChanges.load(book.books.limits.save())
      const books = { source: book, late, limits }
      const asked = queryOf(book, { ...wish, by: 'effective' })
      expect(entries(books, one, asked)).toEqual(entries(book.books, one, asked))
      const at = asked.from ?? 1_020n
      expect(balanceAt(books, one, { at, by: 'ledger' })).toEqual(
        balanceAt(book.books, one, { at, by: 'ledger' }),
      )
    }),
  )
})

test('what was saved later than a snapshot is left out when it is loaded, and told again', () => {
  fc.assert(
    fc.property(wishes, fc.nat(60), (all, through) => {
      const { late } = playHistory(all).books
      const loaded = LateEntries.load(Buffer.concat([...late.save()]), through)
      const kept = Array.from({ length: late.count }, (_, row) => late.log.sequence(row))
      expect(loaded.count).toBe(kept.filter((sequence) => sequence <= through).length)
    }),
  )
})

test('beyond the limit of late entries, accounts that are not known whole are refused, others answered', () => {
  fc.assert(
    fc.property(wishes, fc.nat(4), (all, entriesMax) => {
      const book = playHistory(all, entriesMax)
      const whole = playHistory(all)
      for (const one of SLOTS) {
        const ask = (of: PlayedBook): unknown =>
          balanceAt(of.books, one, { at: 1_030n, by: 'effective' })
        const missing = (whole.books.late.of(one)?.count ?? 0) > lateOf(book, one)
        expect(answerOf(() => ask(book))).toEqual(missing ? TooManyLateEntries : ask(whole))
      }
    }),
  )
})

/** What it returns, or the class of what it throws. */
function answerOf(ask: () => unknown): unknown {
  try {
    return ask()
  } catch (error) {
    return error instanceof Error ? error.constructor : error
  }
}

function lateOf(book: PlayedBook, one: number): number {
  const { log } = book.books.late
  const rows = Array.from({ length: log.count }, (_, row) => log.slot(row))
  return rows.filter((owner) => owner === one).length
}
