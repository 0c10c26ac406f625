import { expect, test } from 'vitest'

import { isMatch, routingKeys } from './routing-key.ts'

test('an event has a key for each of its accounts, and one without accounts its type', () => {
  expect(routingKeys('transfer.posted', ['world:EUR-2', 'users:1042:wallet'])).toEqual([
    'transfer.posted.world.EUR-2',
    'transfer.posted.users.1042.wallet',
  ])
  expect(routingKeys('asset.registered', [])).toEqual(['asset.registered'])
})

test('a dot inside of a segment does not begin a word', () => {
  expect(routingKeys('account.opened', ['shops:a.example'])).toEqual([
    'account.opened.shops.a~example',
  ])
})

test('a key that would be too long ends with a whole segment', () => {
  const address = Array.from({ length: 4 }, () => 'x'.repeat(62)).join(':')
  const [key = ''] = routingKeys('account.metadata_changed', [address])
  expect(key).toBe(`account.metadata_changed.${address.split(':').slice(0, 3).join('.')}`)
})

test.each([
  ['#', 'a', true],
  ['#', 'a.b.c', true],
  ['a.#', 'a', true],
  ['a.*', 'a', false],
  ['a.*', 'a.b', true],
  ['a.*', 'a.b.c', false],
  ['#.c', 'a.b.c', true],
  ['a.#.c', 'a.c', true],
  ['a.#.*.c', 'a.c', false],
  ['a.#.b.#', 'a.x.b.y.b', true],
  ['a.b', 'a.b.c', false],
  ['a.b.c', 'a.b', false],
])('%s fits %s: %s', (pattern, key, expected) => {
  expect(isMatch(pattern, key)).toBe(expected)
})
