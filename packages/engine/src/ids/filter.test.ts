import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Filter } from './filter.ts'

const key = (n: number): Uint32Array =>
  Uint32Array.of(Math.imul(n, 0x9e3779b1), n, Math.imul(n, 0x85ebca77), 7)

test('a filter never forgets a key', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint32Array({ minLength: 4, maxLength: 4 })),
      fc.nat(),
      (keys, seed) => {
        const filter = Filter.withRoom(1, seed)
        for (const words of keys) filter.add(words, 0)
        expect(keys.every((words) => filter.mayHave(words, 0))).toBe(true)
      },
    ),
  )
})

test('a full filter raises fewer than three false alarms in a thousand', () => {
  const filter = Filter.withRoom(65_536, 42)
  for (let n = 0; n < filter.room; n++) filter.add(key(n), 0)
  expect(filter.takes(1)).toBe(true)
  expect(filter.takes(filter.room)).toBe(false)
  let alarms = 0
  for (let n = filter.room; n < filter.room + 100_000; n++) if (filter.mayHave(key(n), 0)) alarms++
  expect(alarms).toBeLessThan(300)
})
