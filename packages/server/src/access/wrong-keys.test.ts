import { expect, test } from 'vitest'

import { Refused } from '../http/refused.ts'
import { networkOf, WrongKeys } from './wrong-keys.ts'

const WRONG = new Refused({ code: 'unauthenticated', detail: 'no' })

/** The code of the answer, once it comes. */
function answerOf(keys: WrongKeys, from: string): Promise<string> {
  return new Promise((resolve) => {
    keys.turnAway(WRONG, from, ({ facts }) => resolve(facts.code))
  })
}

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['1::4:5:6:7:8', '1:0:0:4::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('what counts as one with %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('after so many from one address there are no more, and others are not concerned', async () => {
  const keys = new WrongKeys(4)
  const first = await Promise.all(Array.from({ length: 7 }, () => answerOf(keys, '192.0.2.7')))
  expect(first.filter((code) => code === 'unauthenticated')).toHaveLength(4)
  expect(first.slice(4)).toEqual(['rate_limited', 'rate_limited', 'rate_limited'])
  expect(await answerOf(keys, '192.0.2.8')).toBe('unauthenticated')
})

test('a whole /64 counts as one address', async () => {
  const keys = new WrongKeys(3)
  const codes = await Promise.all(
    Array.from({ length: 5 }, (_, n) => answerOf(keys, `2001:db8:0:1::${n}`)),
  )
  expect(codes).toEqual([
    ...['unauthenticated', 'unauthenticated', 'unauthenticated'],
    ...['rate_limited', 'rate_limited'],
  ])
})

test('later ones are answered later, in order', async () => {
  const keys = new WrongKeys(8)
  const answered: number[] = []
  await Promise.all(
    [0, 1, 2, 3, 4].map((n) => answerOf(keys, '192.0.2.7').then(() => answered.push(n))),
  )
  expect(answered).toEqual([0, 1, 2, 3, 4])
})

test('a hundred thousand addresses take no more room than the newest of them', async () => {
  const keys = new WrongKeys(1)
  for (let n = 0; n < 100_000; n++)
    void answerOf(keys, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  expect(await answerOf(keys, '10.1.134.159')).toBe('rate_limited')
  expect(await answerOf(keys, '10.0.0.0')).toBe('unauthenticated')
})

test('without a limit nobody is kept waiting', async () => {
  const keys = new WrongKeys(0)
  const codes = await Promise.all(Array.from({ length: 500 }, () => answerOf(keys, '192.0.2.7')))
  expect(new Set(codes)).toEqual(new Set(['unauthenticated']))
})
