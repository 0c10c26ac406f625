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

/** The obvious table: a map per generation, oldest first. */
class Model {
  generations: { map: Map<string, number>; last: number }[] = [{ map: new Map(), last: 0 }]

  find(key: string): number {
    const found = this.generations.map(({ map }) => map.get(key))
    return found.find((sequence) => sequence !== undefined) ?? 0
  }

  add(key: string, sequence: number): void {
    if (this.find(key) === 0) this.generations.at(-1)?.map.set(key, sequence)
  }

  rotate(last: number): void {
    const newest = this.generations.at(-1)
    if (newest !== undefined) newest.last = last
    this.generations.push({ map: new Map(), last: 0 })
  }

  drop(through: number): void {
    const end = this.generations.length - 1
    this.generations = this.generations.filter(({ last }, i) => i === end || last > through)
  }
}

/** Does a step to both; returns what both find. */
function play(table: KeyTable, model: Model, at: { step: Step; sequence: number }): number[] {
  const { step: one, sequence } = at
  switch (one.kind) {
    case 'add':
      model.add(`${one.low}/${one.high}`, sequence)
      table.add(one.low, one.high, sequence)
      break
    case 'find':
      return [table.find(one.low, one.high), model.find(`${one.low}/${one.high}`)]
    case 'rotate':
      model.rotate(sequence)
      table.rotate(sequence)
      break
    case 'drop': {
      const through = model.generations.at(one.generations)?.last ?? 0
      model.drop(through)
      table.drop(through)
    }
  }
  return [table.count, model.generations.at(-1)?.map.size ?? 0]
}

test('the table answers as a map of generations does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.nat(), (steps, seed) => {
      const table = new KeyTable(seed)
      const model = new Model()
      steps.forEach((one, index) => {
        const [given, wanted] = play(table, model, { step: one, sequence: index * 3 + 1 })
        expect(given).toBe(wanted)
      })
    }),
  )
})

test('a table of many keys knows each of them and no other', () => {
  const table = new KeyTable(7)
  const count = 50_000
  const wrong: number[] = []
  for (let n = 1; n <= count; n++) table.add(BigInt(n), BigInt(n % 7), 2 ** 40 + n)
  for (let n = 1; n <= count; n++) {
    if (table.find(BigInt(n), BigInt(n % 7)) !== 2 ** 40 + n) wrong.push(n)
    if (table.find(BigInt(n), 9n) !== 0) wrong.push(-n)
  }
  expect(wrong).toEqual([])
})
