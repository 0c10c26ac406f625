import { Prng } from '@tallystick/testkit'
import { expect, test } from 'vitest'

import { PAGE_BYTES, PagedTable } from './paged-table.ts'

const ROW = 256
const ROWS = 5_000

function write(table: PagedTable, row: number, value: bigint): void {
  table.touch(row)
  const limbs = table.u64[row >>> table.chunkShift] as BigUint64Array
  limbs.fill(value, (row & table.rowMask) * (ROW / 8), (row & table.rowMask) * (ROW / 8) + ROW / 8)
}

test.each([1, 2, 3, 4])(
  'a cut is of one moment, whatever changes while it is copied (seed %i)',
  (seed) => {
    const prng = new Prng(seed)
    const table = new PagedTable(ROW)
    table.grow(ROWS)
    for (let cut = 0; cut < 4; cut++) {
      for (let i = 0; i < 3_000; i++) write(table, prng.below(ROWS), prng.u64())
      const before = pagesOf(table)
      const count = table.beginCut()
      expect(count).toBe(before.length)
      for (const [page, expected] of before.entries()) {
        for (let i = prng.below(400); i > 0; i--)
          write(table, prng.below(ROWS + 900 * cut), prng.u64())
        table.grow(ROWS + 900 * (cut + 1))
        const copied = new Uint8Array(PAGE_BYTES)
        table.copyPage(page, copied)
        expect(Buffer.compare(copied, expected), `page ${page} of cut ${cut}`).toBe(0)
      }
      expect(table.keptBytes).toBeGreaterThan(0)
      table.endCut()
      expect(table.keptBytes).toBe(0)
    }
  },
)

function pagesOf(table: PagedTable): Uint8Array[] {
  return Array.from({ length: table.pageCount }, (_, page) => {
    const from = page * PAGE_BYTES
    const chunk = table.u64[Math.floor(from / (64 * PAGE_BYTES))] as BigUint64Array
    return new Uint8Array(chunk.buffer, from % (64 * PAGE_BYTES), PAGE_BYTES).slice()
  })
}
