import fc from 'fast-check'
import { expect, test } from 'vitest'

import { AddressIndex } from './address-index.ts'
import { AddressList } from './address-list.ts'
import { MERGE_FAN_IN } from './limits.ts'
import { Totals } from './totals.ts'

const segment = fc.oneof(
  fc.constantFrom('users', 'users-old', 'users.old', 'a', 'b', '1', '10', '1042', '10420', '~'),
  fc.string({ unit: fc.constantFrom('a', 'b', '!', '~', '0', '-'), minLength: 1, maxLength: 9 }),
)
const address = fc.oneof(
  fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join(':')),
  fc.constant(''),
  fc.constant('long:'.repeat(51)),
  fc.constantFrom(':', 'users:', 'users::1'),
)
const addresses = fc.array(address, { maxLength: 120, size: 'max' })
const prefix = fc.oneof(
  address,
  address.map((text) => `${text}:`.slice(0, 255)),
  fc.tuple(address, fc.nat(12)).map(([text, length]) => `${text.slice(0, length)}*`),
  fc.constantFrom('', '*', 'x'.repeat(300), 'ü'),
)

/** Accounts that wait unsorted in these tests. */
const TAIL = 512

/** The colon sorts before all other characters. */
const sortKey = (text: string): string => text.replaceAll(':', '\u0001')

function matches(text: string, wanted: string): boolean {
  if (wanted.endsWith('*')) return text.startsWith(wanted.slice(0, -1))
  if (wanted === '' || wanted.endsWith(':')) return text.startsWith(wanted)
  return text === wanted || text.startsWith(`${wanted}:`)
}

/** Slots with an address under a prefix, by address. */
function naive(list: AddressList, wanted: string, slots = list.accounts.length): number[] {
  return Array.from({ length: slots }, (_, slot) => slot)
    .filter((slot) => list.address(slot) !== '' && matches(list.address(slot), wanted))
    .sort((a, b) => {
      const left = sortKey(list.address(a))
      const right = sortKey(list.address(b))
      return left < right ? -1 : left > right ? 1 : a - b
    })
}

function indexOf(all: readonly string[]): { list: AddressList; index: AddressIndex } {
  const list = new AddressList()
  const index = new AddressIndex(list, TAIL)
  for (const text of all) index.add(list.add(text))
  return { list, index }
}

test('a prefix finds its accounts, parents before children, from anywhere on', () => {
  fc.assert(
    fc.property(
      addresses,
      fc.array(fc.tuple(prefix, fc.nat(130)), { minLength: 1 }),
      (all, asked) => {
        const { list, index } = indexOf(all)
        for (const [wanted, skip] of asked) {
          const found = naive(list, wanted)
          expect([...index.slots(wanted)]).toEqual(found)
          expect(index.countOf(wanted)).toBe(found.length)
          const after = found[skip % Math.max(1, found.length)]
          const rest = after === undefined ? [] : found.slice(found.indexOf(after) + 1)
          expect([...index.slots(wanted, after)]).toEqual(rest)
        }
      },
    ),
  )
})

test('questions between additions, as many as there are, see every account', () => {
  fc.assert(
    fc.property(addresses, prefix, (all, wanted) => {
      const list = new AddressList()
      const index = new AddressIndex(list)
      all.forEach((text, slot) => {
        index.add(list.add(text))
        expect([...index.slots(wanted)]).toEqual(naive(list, wanted, slot + 1))
      })
    }),
    { numRuns: 50 },
  )
})

test('the newest accounts under a prefix come first', () => {
  fc.assert(
    fc.property(
      addresses,
      prefix,
      fc.nat(130),
      fc.integer({ min: 1, max: 20 }),
      (all, wanted, at, limit) => {
        const { list, index } = indexOf(all)
        const newest = naive(list, wanted).sort((a, b) => b - a)
        expect(index.newest(wanted, { limit })).toEqual(newest.slice(0, limit))
        const below = newest.filter((slot) => slot < at)
        expect(index.newest(wanted, { before: at, limit })).toEqual(below.slice(0, limit))
      },
    ),
  )
})

test('an order that was saved is the same when loaded, without accounts that came later', () => {
  fc.assert(
    fc.property(addresses, fc.nat(120), (all, kept) => {
      const { list, index } = indexOf(all)
      const count = Math.min(kept, all.length)
      const loaded = AddressIndex.load(list, Buffer.concat([...index.save()]), count)
      expect([...loaded.slots('')]).toEqual(naive(list, '', count))
      for (let slot = count; slot < all.length; slot++) loaded.add(slot)
      expect([...loaded.slots('')]).toEqual(naive(list, ''))
    }),
  )
})

/** A number that jumps about. */
const scattered = (n: number): number => (Math.imul(n + 1, 0x9e37_79b1) >>> 0) % 1_000_003

test.each<[string, (n: number) => string]>([
  ['in order', (n) => `users:${String(n).padStart(9, '0')}:wallet`],
  ['in no order', (n) => `users:${scattered(n)}:${n % 3 === 0 ? 'wallet' : `pots:${n % 7}`}`],
  ['all alike', (n) => `users:${n % 5}`],
])('many accounts, opened %s, lie in a handful of runs', (_, addressOf) => {
  const count = TAIL * (MERGE_FAN_IN + 1) + 77
  const { list, index } = indexOf(Array.from({ length: count }, (_, n) => addressOf(n)))
  while (index.work(1_000_000));
  expect([...index.slots('')]).toEqual(naive(list, ''))
  expect(index.runCount).toBeLessThan(4)
  const one = 'users:4'
  expect([...index.slots(one)]).toEqual(naive(list, one))
})

test('totals by segments and asset are those of a sum over all accounts', () => {
  const balance = fc.oneof(
    fc.bigInt({ min: 0n, max: 99n }),
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  )
  const account = fc.record({
    address,
    asset: fc.integer({ min: 1, max: 3 }),
    balances: fc.tuple(balance, balance, balance, balance),
  })
  fc.assert(
    fc.property(fc.array(account, { maxLength: 60 }), prefix, fc.nat(4), (all, wanted, groupBy) => {
      const list = new AddressList()
      const index = new AddressIndex(list)
      for (const one of all) index.add(list.add(one.address, one))
      const totals = new Totals(index, list, { prefix: wanted, groupBy })
      while (!totals.step(7));
      expect(totals.result()).toEqual(naiveTotals(list, wanted, groupBy))
    }),
  )
})

function naiveTotals(list: AddressList, wanted: string, groupBy: number): unknown {
  const groups = new Map<
    string,
    { group: string; asset: number; accounts: number; sums: bigint[] }
  >()
  for (const slot of naive(list, wanted)) {
    const { address: text, asset, balances } = list.accounts[slot]!
    const group = text.split(':').slice(0, groupBy).join(':')
    const key = `${sortKey(group)}\0${asset}`
    const known = groups.get(key) ?? { group, asset, accounts: 0, sums: [0n, 0n, 0n, 0n] }
    const sums = known.sums.map((sum, i) => sum + (balances[i] ?? 0n))
    groups.set(key, { ...known, accounts: known.accounts + 1, sums })
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
  return sorted.map(({ group, asset, accounts, sums }) => ({
    ...{ group, asset, accounts },
    ...{
      debitsPending: sums[0],
      debitsPosted: sums[1],
      creditsPending: sums[2],
      creditsPosted: sums[3],
    },
  }))
}
