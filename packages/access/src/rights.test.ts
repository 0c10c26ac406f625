import { expect, test } from 'vitest'

import { Rights } from './rights.ts'

const rights = (scopes: string, ...addresses: string[]) => ({
  scopes: scopes.split(' '),
  addresses,
})

test.each([
  ['*', '*', ['*']],
  ['*', 'a:*', ['a:*']],
  ['a:*', 'a:b', ['a:b']],
  ['a:*', 'a', ['a']],
  ['a:*', 'a:b:*', ['a:b:*']],
  ['a', 'a:*', ['a']],
  ['a:b', 'a:c', undefined],
  ['a:*', 'ab:*', undefined],
  ['a', 'a:b', undefined],
])('what %s and %s share is %j', (one, other, expected) => {
  const [first, second] = [one, other].map((each) => new Rights([rights('x:read', each)]))
  for (const both of [first!.sharedWith(second!), second!.sharedWith(first!)]) {
    expect(both.list()[0]?.addresses).toEqual(expected)
  }
})

test('rights of which only one has a scope are nobody’s together, nor is an address that each reaches by another scope', () => {
  const one = new Rights([rights('x:read', 'a:*'), rights('y:read', 'b:*')])
  const other = new Rights([rights('y:read', 'a:*', 'b:c'), rights('z:read', '*')])
  const both = one.sharedWith(other)
  expect(both.list()).toEqual([{ scope: 'y:read', addresses: ['b:c'] }])
  expect([both.reaches('a:1'), both.reaches('b:c'), both.reaches('b:d')]).toEqual([
    false,
    true,
    false,
  ])
})
