import { type Command, type CreateTransfer, NO_SUBTREE_LIMIT, Operation } from '@tallystick/ledger'
import { beforeAll, expect, test } from 'vitest'

import { balanceAt } from './balance-at.ts'
import { jumpOf } from './chain.ts'
import { entries } from './entries.ts'
import { HISTORY_READS_MAX, LATE_BLOCK } from './limits.ts'
import { naiveBalance, naiveList } from './naive-history.ts'
import { PlayedBook } from './played-book.ts'
import type { Entry, EntryQuery, TimeOrder } from './queries.ts'

const START = 1_000_000n
const STEP = 10n
/** Slot 0: all in order. Slot 1: two of three entries back-dated, in runs. */
const IN_ORDER = 0
const LATE = 1
const ENTRIES = 6_000

const book = new PlayedBook()

const opened = (id: bigint): Command => ({
  operation: Operation.createAccount,
  ...{ id, address: '', asset: 1, code: 1, flags: 0, parent: 0n, limit: 0n },
  ...{ subtreeLimit: NO_SUBTREE_LIMIT, metadata: new Uint8Array() },
})

const transfer = (n: number, debit: bigint, effectiveAt: bigint): CreateTransfer => ({
  operation: Operation.createTransfer,
  ...{ id: BigInt(n), debitAccountId: debit, creditAccountId: 3n, amount: BigInt((n % 9) + 1) },
  ...{ pendingId: 0n, timeout: 0, asset: 1, code: (n % 50) + 1, flags: 0, effectiveAt },
  metadata: new Uint8Array(),
})

beforeAll(() => {
  book.apply([opened(1n), opened(2n), opened(3n)], START)
  for (let n = 1; n <= ENTRIES; n++) {
    const now = START + BigInt(n) * STEP
    // Back-dated in stretches of twelve entries out of eighteen.
    const dated = n % 18 < 12 ? 1n + ((BigInt(n) * 7_919n) % (now - 1n)) : 0n
    book.apply([transfer(2 * n, 1n, 0n), transfer(2 * n + 1, 2n, dated)], now)
  }
})

const moments = [
  0n,
  1n,
  START - 1n,
  START + 1n,
  START + 17_777n,
  START + 59_000n,
  START + 10n ** 6n,
]

test.each<[string, number, TimeOrder]>([
  ['in order', IN_ORDER, 'ledger'],
  ['in order', IN_ORDER, 'effective'],
  ['back-dated', LATE, 'ledger'],
  ['back-dated', LATE, 'effective'],
])('balances of a long history (%s, slot %i, by %s) take a few dozen reads', (_, slot, by) => {
  for (const at of moments) {
    book.reads = 0
    const given = balanceAt(book.books, slot, { at, by })
    expect(book.reads).toBeLessThan(80)
    expect(given).toEqual(naiveBalance(book, slot, { at, by }))
  }
})

const query = (more: Partial<EntryQuery>): EntryQuery => ({
  ...{ by: 'ledger', kind: 'posted', newestFirst: true, limit: 100 },
  ...more,
})

test.each<[TimeOrder, boolean]>([
  ['ledger', true],
  ['ledger', false],
  ['effective', true],
  ['effective', false],
])('pages by %s, newest first: %s, are whole, each in a few reads per entry', (by, newestFirst) => {
  const found: Entry[] = []
  let after: number | undefined
  do {
    book.reads = 0
    const page = entries(book.books, LATE, query({ by, newestFirst, after }))
    expect(book.reads).toBeLessThan(by === 'ledger' ? 250 : 1_500)
    found.push(...page.entries)
    after = page.next
  } while (after !== undefined)
  const wanted = naiveList(book, LATE, query({ by, newestFirst }))
  expect(found.map(({ number }) => number)).toEqual(wanted.map(({ number }) => number))
  expect(found.map(({ balances }) => balances)).toEqual(wanted.map(({ balances }) => balances))
})

test.each<[TimeOrder, boolean]>([
  ['ledger', true],
  ['ledger', false],
  ['effective', true],
  ['effective', false],
])(
  'a filter that lets little pass (by %s, newest first: %s) ends calls early, and misses nothing',
  (by, newestFirst) => {
    const found: number[] = []
    let after: number | undefined
    let calls = 0
    do {
      book.reads = 0
      const page = entries(book.books, LATE, query({ by, newestFirst, code: 8, after }))
      expect(book.reads).toBeLessThan(HISTORY_READS_MAX + 600)
      found.push(...page.entries.map(({ number }) => number))
      after = page.next
      calls++
    } while (after !== undefined)
    const wanted = naiveList(book, LATE, query({ by, newestFirst, code: 8 }))
    expect(found).toEqual(wanted.map(({ number }) => number))
    expect(calls).toBeGreaterThan(2)
  },
)

test('the account of this test has more late entries than one block of their order holds', () => {
  expect(book.books.late.of(LATE)?.count).toBeGreaterThan(3 * LATE_BLOCK)
  expect(book.books.late.of(IN_ORDER)).toBeUndefined()
})

test('the number that an entry jumps to follows ruling 22', () => {
  const jumps = [0]
  for (let n = 1; n <= 5_000; n++) {
    const p = n - 1
    const j = jumps[p] ?? 0
    const jj = jumps[j] ?? 0
    jumps.push(n > 1 && p - j === j - jj ? jj : p)
    expect(jumpOf(n)).toBe(jumps[n])
  }
})
