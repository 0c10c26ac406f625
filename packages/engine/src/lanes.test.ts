import { packBatch } from '@tallystick/ledger'
import { expect, test } from 'vitest'

import { openAccount, request } from '../test/fixtures.ts'
import { Lanes } from './lanes.ts'
import { QUEUE_BYTES_MAX, QUEUE_REQUESTS_MAX } from './limits.ts'
import type { Lane } from './request.ts'
import { Work } from './work.ts'

const work = (lane: Lane, commands = 1, bytes = 1): Work => {
  const batch = packBatch(Array.from({ length: commands }, () => openAccount(1n)))
  return new Work(request([], { lane, batch }), bytes, () => {})
}

/** Whose turn it is, `turns` times. */
function order(lanes: Lanes, turns: number, refill?: () => void): string {
  let text = ''
  for (let i = 0; i < turns; i++) {
    const lane = lanes.turn
    if (lane === undefined) return text
    text += lane[0]
    lanes.shift(lane)
    refill?.()
  }
  return text
}

test('interactive requests go first, bulk ones in between when nobody waits', () => {
  const lanes = new Lanes()
  for (const lane of ['bulk', 'interactive', 'bulk', 'interactive'] as const) lanes.push(work(lane))
  expect(order(lanes, 9)).toBe('iibb')
})

test('bulk keeps a tenth of the commands when interactive work never ends', () => {
  const lanes = new Lanes()
  for (let i = 0; i < 5; i++) lanes.push(work('bulk', 3))
  const refill = (): void => lanes.push(work('interactive'))
  refill()
  const turns = order(lanes, 56, refill)
  expect(turns).toBe(`${'i'.repeat(27)}b`.repeat(2))
})

test('each lane has its limits, in requests and in bytes', () => {
  const lanes = new Lanes()
  lanes.push(work('bulk', 1, QUEUE_BYTES_MAX))
  expect(() => lanes.push(work('bulk', 1, 1))).toThrow('too many requests')
  for (let i = 0; i < QUEUE_REQUESTS_MAX; i++) lanes.push(work('interactive', 1, 0))
  expect(() => lanes.push(work('interactive', 1, 0))).toThrow('too many requests')
  expect(lanes.empty()).toHaveLength(QUEUE_REQUESTS_MAX + 1)
  expect([lanes.length, lanes.bytes]).toEqual([0, 0])
})
