import { expect, test } from 'vitest'
import { Prng } from './prng.ts'

const take = (seed: number): number[] => {
  const random = new Prng(seed)
  return Array.from({ length: 4 }, () => random.u32())
}

test('the same seed gives the same numbers, for ever', () => {
  expect(take(42)).toEqual(take(42))
  expect(take(42)).not.toEqual(take(43))
  expect(take(42)).toMatchInlineSnapshot(`
    [
      1959603763,
      2423114712,
      2466933512,
      4144396390,
    ]
  `)
})

test('numbers stay below their bound and reach all of it', () => {
  const random = new Prng(1)
  const seen = new Set(Array.from({ length: 1000 }, () => random.below(7)))
  expect(seen).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]))
})

test('all bits of the wide numbers are used', () => {
  const random = new Prng(2)
  let ones = 0n
  let zeros = 0n
  for (let round = 0; round < 100; round++) {
    const word = random.u128()
    ones |= word
    zeros |= ~word & ((1n << 128n) - 1n)
  }
  expect(ones).toBe((1n << 128n) - 1n)
  expect(zeros).toBe((1n << 128n) - 1n)
})

test('a fork does not repeat its parent', () => {
  const random = new Prng(3)
  const fork = random.fork()
  expect([fork.u32(), fork.u32()]).not.toEqual([random.u32(), random.u32()])
  expect(random.pick(['only'])).toBe('only')
  expect(new Prng(0).once(1)).toBe(true)
})
