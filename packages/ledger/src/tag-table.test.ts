import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TagTable } from './tag-table.ts'

/** Ids that crowd: few values of each word, so that places are shared. */
const ids = fc.array(fc.tuple(fc.nat(300), fc.nat(2), fc.nat(1), fc.nat(1)), { maxLength: 400 })

test('finds what was added and not removed, in any order, through growth', () => {
  fc.assert(
    fc.property(ids, fc.nat(), fc.array(fc.nat(399)), (given, seed, removals) => {
      const table = new TagTable(seed)
      const words = new Uint32Array(given.length * 4)
      const at = new Map<string, number>()
      given.forEach((id, index) => {
        words.set(id, index * 4)
        if (at.has(id.join())) return
        at.set(id.join(), index)
        table.add(words, index * 4, index + 1)
      })
      for (const index of removals) {
        const key = given[index]?.join() ?? ''
        if (at.get(key) !== index) continue
        at.delete(key)
        table.remove(words, index * 4, index + 1)
      }
      expect(table.count).toBe(at.size)
      given.forEach((id, index) => {
        expect(find(table, words, index)).toBe((at.get(id.join()) ?? -1) + 1)
      })
    }),
    { numRuns: 200 },
  )
})

/** Goes through the candidates until one's words are the id's, as every user of the table does. */
function find(table: TagTable, words: Uint32Array, index: number): number {
  let value = table.first(words, index * 4)
  while (value !== 0 && !same(words, value - 1, index)) value = table.next()
  return value
}

function same(words: Uint32Array, a: number, b: number): boolean {
  return [0, 1, 2, 3].every((word) => words[a * 4 + word] === words[b * 4 + word])
}
