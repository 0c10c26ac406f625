import { BodyField, Memory } from '@tallystick/ledger'
import { expect, test } from 'vitest'

import { Recent } from './recent.ts'

/** A body with `count` events at time `at`, `bytes` long. */
function body(count: number, at: bigint, bytes: number): Memory {
  const memory = Memory.allocate(bytes)
  memory.u64[BodyField.timestamp >>> 3] = at
  memory.u32[BodyField.recordCount >>> 2] = count
  return memory
}

test('finds the frame of an event and of a moment, and lets the oldest go', () => {
  const recent = new Recent({ bytesMax: 12 * 1024 * 1024, framesMax: 1_000 })
  expect(recent.find(1)).toBeUndefined()
  const size = 1024 * 1024
  for (let n = 0; n < 20; n++) {
    recent.add(body(10, BigInt(n * 100), size), 0, size, 1 + n * 10)
  }
  expect(recent.firstSequence).toBe(81)
  expect(recent.find(80)).toBeUndefined()
  expect(recent.find(81)?.firstSequence).toBe(81)
  expect(recent.find(135)?.firstSequence).toBe(131)
  expect(recent.find(200)?.lastSequence).toBe(200)
  expect(recent.find(201)).toBeUndefined()
  expect(recent.findTime(799n)).toBeUndefined()
  expect(recent.findTime(950n)?.firstSequence).toBe(91)
  expect(recent.findTime(99_999n)?.firstSequence).toBe(191)
})

test('a body longer than a chunk has one of its own', () => {
  const recent = new Recent({ bytesMax: 64 * 1024 * 1024, framesMax: 1_000 })
  const size = 5 * 1024 * 1024
  recent.add(body(3, 1n, size), 0, size, 1)
  recent.add(body(1, 2n, 64), 0, 64, 4)
  expect([recent.find(3)?.count, recent.find(4)?.count]).toEqual([3, 1])
})
