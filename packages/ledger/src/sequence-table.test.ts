import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequenceTable } from './sequence-table.ts'

const keys = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 2 ** 32, max: 2 ** 32 + 60 }),
)
const steps = fc.array(fc.tuple(keys, fc.integer({ min: 0, max: 2 ** 45 })), { maxLength: 500 })

test('is a map from sequences to sequences', () => {
  fc.assert(
    fc.property(steps, fc.nat(200), (given, expected) => {
      const table = new SequenceTable(expected)
      const model = new Map<number, number>()
      for (const [key, value] of given) {
        if (value % 3 === 0) {
          table.delete(key)
          model.delete(key)
        } else {
          table.set(key, value)
          model.set(key, value)
        }
        expect(table.count).toBe(model.size)
      }
      for (const [key] of given) expect(table.get(key)).toBe(model.get(key) ?? 0)
    }),
    { numRuns: 200 },
  )
})
