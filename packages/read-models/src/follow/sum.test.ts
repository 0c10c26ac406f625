import { expect, test } from 'vitest'

import { Sum } from './sum.ts'

test('a sum is exact however large its amounts are, and in whatever order they come', () => {
  const most = Number.MAX_SAFE_INTEGER
  const amounts = [1, most, 7, 1n << 120n, most, most, 2]
  const sum = new Sum()
  for (const amount of amounts) sum.add(amount)
  expect(sum.total).toBe(amounts.reduce<bigint>((total, amount) => total + BigInt(amount), 0n))
  expect(sum.count).toBe(amounts.length)
})
