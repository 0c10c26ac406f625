import fc from 'fast-check'
import { expect, test } from 'vitest'

import { KeyTable } from './key-table.ts'

const limb = fc.oneof(fc.nat(3).map(BigInt), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))

type Step =
  | { kind: 'add' | 'find'; low: bigint; high: bigint }
  | { kind: 'rotate' }
  | { kind: 'drop'; generations: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('add' as const), low: limb, high: limb }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('find' as const), low: limb, high: limb }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('drop' as const), generations: fc.nat(3) }),
  },
)

test('the table answers as a map of generations does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.nat(), (steps, seed) => {
      const table = new KeyTable(seed)
      let generations: { map: Map<string, number>; last: number }[] = [{ map: new Map(), last: 0 }]
      let sequence = 0
      const find = (key: string): number =>
        generations.map(({ map }) => map.get(key)).find((found) => found !== undefined) ?? 0
      for (const one of steps) {
        if (one.kind === 'add') {
          const key = `${one.low}/${one.high}`
          sequence += 3
          if (find(key) === 0) generations.at(-1)?.map.set(key, sequence)
          table.add(one.low, one.high, sequence)
        } else if (one.kind === 'find') {
          expect(table.find(one.low, one.high)).toBe(find(`${one.low}/${one.high}`))
        } else if (one.kind === 'rotate') {
          const newest = generations.at(-1)
          if (newest !== undefined) newest.last = sequence
          generations.push({ map: new Map(), last: 0 })
          table.rotate(sequence)
        } else {
          const through = generations.at(one.generations)?.last ?? 0
          generations = generations.filter(
            ({ last }, i) => i === generations.length - 1 || last > through,
          )
          table.drop(through)
        }
        expect(table.count).toBe(generations.at(-1)?.map.size)
      }
    }),
  )
})

test('a table of many keys knows each of them and no other', () => {
  const table = new KeyTable(7)
  const count = 50_000
  for (let n = 1; n <= count; n++) table.add(BigInt(n), BigInt(n % 7), 2 ** 40 + n)
  for (let n = 1; n <= count; n++) {
    if (table.find(BigInt(n), BigInt(n % 7)) !== 2 ** 40 + n) expect.unreachable(`key ${n}`)
    if (table.find(BigInt(n), 9n) !== 0) expect.unreachable(`no key ${n}`)
  }
})
